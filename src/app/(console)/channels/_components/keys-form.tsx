"use client";

import { useState } from "react";
import { useFreshSignIn } from "~/components/fresh-sign-in";
import { CommandError } from "~/components/load-error";
import { Button } from "~/components/ui/button";
import { useClock } from "~/components/ui/clock";
import { timeText } from "~/components/ui/time-text";
import { toast } from "~/components/ui/toast";
import { useT } from "~/i18n/use-t";
import { api, type RouterInputs } from "~/trpc/client";
import type { Detail } from "./channel-detail";
import { type Draft, KEYS_OF_MODE, type Reasons, reasonsOf, useReason, type VerificationKeyDraft } from "./drafts";
import { AlipayKeyFields, VerificationKeyFields, WechatKeyFields } from "./key-fields";
import { LiveKeys } from "./live-keys";

/** The keys in force, each with an offer to replace it. What stays empty stays as it is. */
export function KeysForm({ channel, readOnly }: { channel: Detail; readOnly: string | null }) {
  const t = useT("channel");
  const words = useReason();
  const clock = useClock();
  const utils = api.useUtils();
  const fresh = useFreshSignIn();
  const replace = api.channel.replaceKey.useMutation({ onSuccess: () => utils.channel.invalidate() });
  const savedMode = channel.keyMode === "certificate" ? "certificate" : "public_key";
  const [mode, setMode] = useState<"public_key" | "certificate">(savedMode);
  const [draft, setDraft] = useState<Draft>({});
  const [added, setAdded] = useState<VerificationKeyDraft[]>([]);
  const [reasons, setReasons] = useState<Reasons>({});
  const set = (name: string, value: string) => {
    setDraft((before) => ({ ...before, [name]: value }));
    setReasons(({ [name]: _, ...others }) => others);
  };
  const input = inputOf(channel, mode, draft, added);

  const save = async () => {
    if (!input) return;
    setReasons({});
    try {
      await fresh.guard(() => replace.mutateAsync(input));
      setDraft({});
      setAdded([]);
      toast(t("saved", { time: timeText(clock(), "clock", clock()) }));
    } catch (error) {
      setReasons(reasonsOf(error));
    }
  };

  const shared = { draft, set, reasons, saved: channel.keys, readOnly };
  return (
    <div className="grid gap-5">
      {channel.provider === "alipay" ? (
        <>
          <AlipayKeyFields mode={mode} onMode={setMode} {...shared} />
          {mode === "certificate" && <LiveKeys channel={channel} kind="alipay_cert" readOnly={readOnly} />}
        </>
      ) : (
        <>
          <WechatKeyFields {...shared} draft={{ merchantSerial: channel.merchantSerial ?? "", ...draft }} />
          <div>
            <h3 className="text-sm font-medium">{t("verificationKeys")}</h3>
            <p className="pb-2 text-xs text-ink-3">{t("hint.verificationKeys")}</p>
            <LiveKeys channel={channel} kind="verification_key" readOnly={readOnly} />
            <div className="pt-3">
              <VerificationKeyFields rows={added} onChange={setAdded} error={words(reasons.verificationKeys)} readOnly={readOnly} />
            </div>
          </div>
        </>
      )}
      {replace.error && Object.keys(reasons).length === 0 && <CommandError error={replace.error} />}
      <div>
        <Button busy={replace.isPending} busyLabel={t("saving")} reason={readOnly ?? (!input && t("nothingToSave"))} onClick={save}>
          {t("saveKeys")}
        </Button>
      </div>
      {fresh.dialog}
    </div>
  );
}

/** What was filled in, as the procedure takes it; null when nothing was. */
function inputOf(
  channel: Detail,
  mode: "public_key" | "certificate",
  draft: Draft,
  added: readonly VerificationKeyDraft[],
): RouterInputs["channel"]["replaceKey"] | null {
  const filled = (names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, draft[name]?.trim()] as const).filter(([, value]) => value));
  if (channel.provider === "alipay") {
    const alipay = filled(KEYS_OF_MODE[mode]);
    return Object.keys(alipay).length > 0 ? { channelId: channel.id, alipay } : null;
  }
  const serial = draft.merchantSerial?.trim().toUpperCase();
  const keys = added.map(({ id, pem }) => ({ id: id.trim(), pem: pem.trim() })).filter(({ id, pem }) => id || pem);
  const wechat = {
    ...filled(["merchantPrivateKey", "merchantCert", "apiV3Key"]),
    ...(serial && serial !== channel.merchantSerial ? { merchantSerial: serial } : {}),
    ...(keys.length > 0 ? { verificationKeys: keys } : {}),
  };
  return Object.keys(wechat).length > 0 ? { channelId: channel.id, wechat } : null;
}
