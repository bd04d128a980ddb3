import { storyOf } from "~/components/app-error";
import { CreateChannel, type CreateChannelInput } from "~/domain/channel";
import type { Environment, Provider } from "~/domain/provider";
import { useT } from "~/i18n/use-t";

/** What stands in the fields, by name; empty means not given. */
export type Draft = Readonly<Record<string, string>>;
export type VerificationKeyDraft = { id: string; pem: string };
/** A reason for each field that does not fit. */
export type Reasons = Readonly<Record<string, string>>;

const LIVE_ADDRESS = { alipay: "https://openapi.alipay.com/gateway.do", wechat: "https://api.mch.weixin.qq.com" };

/** Where a provider is asked, by environment. */
export function usualAddress(provider: Provider, environment: Environment, simulatorUrl: string): string {
  if (environment === "simulator") return provider === "alipay" ? `${simulatorUrl}/gateway.do` : simulatorUrl;
  if (environment === "sandbox") return "https://openapi-sandbox.dl.alipaydev.com/gateway.do";
  return LIVE_ADDRESS[provider];
}

const given = (draft: Draft, names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, draft[name]?.trim()] as const).filter(([, value]) => value));

export type WholeDraft = {
  provider: Provider;
  environment: Environment;
  keyMode: "public_key" | "certificate";
  isDefault: boolean;
  isIsv: boolean;
  draft: Draft;
  verificationKeys: readonly VerificationKeyDraft[];
};

export const KEYS_OF_MODE = {
  public_key: ["privateKey", "alipayPublicKey", "aesKey"],
  certificate: ["privateKey", "appCert", "alipayCert", "alipayRootCert", "aesKey"],
} as const;

/** The draft as the procedure takes it, or what is wrong with it, by the same schema as on the server. */
export function readDraft({ provider, environment, keyMode, isDefault, isIsv, draft, verificationKeys }: WholeDraft): {
  input: CreateChannelInput | null;
  reasons: Reasons;
} {
  const common = {
    provider,
    environment,
    name: draft.name ?? "",
    isDefault: isDefault || undefined,
    ...given(draft, ["remark", "returnUrl"]),
  };
  const own =
    provider === "alipay"
      ? { ...blank(draft, ["appId", "sellerId", "gateway", "privateKey"]), ...given(draft, KEYS_OF_MODE[keyMode]), isIsv }
      : {
          ...blank(draft, ["mchid", "appid", "baseUrl", "merchantSerial", "merchantPrivateKey", "apiV3Key"]),
          ...given(draft, ["merchantCert"]),
          verificationKeys: verificationKeys.map(({ id, pem }) => ({ id: id.trim(), pem: pem.trim() })),
        };
  const parsed = CreateChannel.safeParse({ ...common, ...own });
  if (parsed.success) return { input: parsed.data, reasons: {} };
  const reasons: Record<string, string> = {};
  for (const { path, code, message } of parsed.error.issues) {
    const field = String(path[0] ?? "");
    const isEmpty = code === "too_small" || (path.length === 1 && (draft[field] ?? "").trim() === "");
    reasons[field] ??= message === "no_wechat_sandbox" ? message : isEmpty ? "missing" : "malformed";
  }
  return { input: null, reasons };
}

const blank = (draft: Draft, names: readonly string[]) => Object.fromEntries(names.map((name) => [name, draft[name]?.trim() ?? ""]));

/** The field and reason that the server names, if it names one. */
export function reasonsOf(error: unknown): Reasons {
  const { words, details } = storyOf(error, { reading: false });
  return words === "channel_invalid" && typeof details.field === "string" ? { [details.field]: String(details.reason ?? "unknown") } : {};
}

/** Words for reasons; one that is not known yet still says that the field is not accepted. */
export function useReason(): (reason: string | undefined) => string | undefined {
  const t = useT("channel");
  return (reason) => {
    if (!reason) return undefined;
    const key = `reason.${reason}`;
    return t.has(key as "reason.unknown") ? t(key as "reason.unknown") : t("reason.unknown");
  };
}
