import { OPEN_TRANSACTION_STATUSES } from "~/domain/payment";
import type { Method, Provider } from "~/domain/provider";
import type { RouterOutputs } from "~/trpc/client";

export type CheckoutView = RouterOutputs["public"]["checkout"]["get"];
export type Attempt = CheckoutView["attempts"][number];
export type Launch = NonNullable<Attempt["launch"]>;
/** What a browser can show or go to. In-app payment is launched by the merchant's own page. */
export type ShownLaunch = Extract<Launch, { kind: "qr" | "redirect" }>;
export type StartFailure = NonNullable<RouterOutputs["public"]["checkout"]["start"]["failure"]>;

/** What only this tab knows. */
export type Wishes = {
  /** The method that the buyer looks at; its attempt may be older than another's. */
  method: Method | null;
  /** The buyer asked for the list of methods, whatever is open. */
  choosing: boolean;
  /** The buyer came back from a provider's page, or says that they paid: until the provider has answered, nobody knows. */
  claimed: boolean;
  /** How the last start ended, if badly. */
  failure: (StartFailure & { method: Method }) | null;
};

export type Doubt = NonNullable<CheckoutView["doubt"]>;
export type Stage =
  | { name: "choose" }
  | { name: "waiting"; attempt: Attempt; launch: ShownLaunch }
  | { name: "checking"; why: "unknown" | "claimed" | "expiring" | "cancelling"; provider: Provider | null }
  | { name: "failed"; why: "declined" | "unsent" | "unanswered" | "never_created"; code: string | null; method: Method }
  | { name: "paid" }
  | { name: "expired" }
  | { name: "cancelled" }
  | { name: "doubt"; doubt: Doubt };

/** What the page shows. What the books say comes first, then what nobody knows, then what the buyer wishes. */
export function stageOf(view: CheckoutView, wishes: Wishes, now: Date): Stage {
  if (view.doubt && !(view.doubt.kind === "refund_unknown" && view.paidAt)) return { name: "doubt", doubt: view.doubt };
  if (view.status === "closed") return { name: view.closeReason === "cancelled" ? "cancelled" : "expired" };
  if (view.status !== "pending") return { name: "paid" };

  const open = view.attempts.filter((attempt) => OPEN_TRANSACTION_STATUSES.includes(attempt.status));
  const unknown = open.find((attempt) => attempt.status === "unknown" && !attempt.answered);
  const payable = open.find((attempt) => attempt.launch !== null);
  const asked = (unknown ?? payable)?.provider ?? null;
  if (view.cancelling) return { name: "checking", why: "cancelling", provider: asked };
  if (view.expiresAt <= now) {
    // Who tried may have paid in the last moment; who did not cannot have.
    const tried = asked ?? view.attempts[0]?.provider ?? null;
    return tried ? { name: "checking", why: "expiring", provider: tried } : { name: "expired" };
  }
  if (unknown) return { name: "checking", why: "unknown", provider: unknown.provider };
  if (wishes.claimed) return { name: "checking", why: "claimed", provider: asked };

  if (wishes.failure) return stageOfFailure(wishes.failure);
  if (wishes.choosing) return { name: "choose" };
  const waiting = waitingOf(open.find((attempt) => attempt.method === wishes.method && attempt.launch)) ?? waitingOf(payable);
  if (waiting) return waiting;
  const [newest] = view.attempts;
  return newest ? (stageOfNewest(newest) ?? { name: "choose" }) : { name: "choose" };
}

/** What was tried last and can be tried again. An attempt without a link or a code cannot have been paid by anybody. */
function stageOfNewest({ status, answered, failureCode, method }: Attempt): Stage | null {
  if (answered) return { name: "failed", why: "unanswered", code: failureCode, method };
  if (status !== "failed") return null;
  return { name: "failed", why: failureCode === "never_created" ? "never_created" : "declined", code: failureCode, method };
}

function stageOfFailure({ kind, code, method }: NonNullable<Wishes["failure"]>): Stage {
  if (kind === "unknown") return { name: "checking", why: "unknown", provider: method.startsWith("alipay") ? "alipay" : "wechat" };
  return { name: "failed", why: kind === "declined" ? "declined" : "unsent", code, method };
}

function waitingOf(attempt: Attempt | undefined): Stage | null {
  const launch = attempt?.launch;
  return launch && launch.kind !== "jsapi" ? { name: "waiting", attempt, launch } : null;
}

/** Whether the code or link may still be used, as far as its own time goes. */
export const isAlive = (launch: Launch, now: Date): boolean => launch.expiresAt === null || launch.expiresAt > now;

export type Device = "phone" | "desktop";

const OFFERED: Record<Device, readonly Method[]> = {
  desktop: ["alipay_qr", "wechat_native", "alipay_pc"],
  phone: ["alipay_wap", "wechat_h5", "alipay_qr", "wechat_native"],
};

/** What is offered on this device, the most likely first. */
export const methodsOn = (device: Device, methods: readonly Method[]): Method[] =>
  OFFERED[device].filter((method) => methods.includes(method));

/** Guessed from the browser's own name, so that the first paint is right. A wrong guess costs a scroll: codes work everywhere. */
export const deviceOf = (userAgent: string): Device =>
  /\b(Mobile|Android|iPhone|iPod|HarmonyOS)\b/i.test(userAgent) ? "phone" : "desktop";

/** Methods that show a code to scan; the others leave for the provider's page. */
export const isCode = (method: Method): boolean => method === "alipay_qr" || method === "wechat_native";

/** Another method first: what was just refused is likely refused again. Another provider before another way of the same. */
export function alternativeTo(method: Method, offered: readonly Method[]): Method | null {
  const providerOf = (one: Method) => one.split("_", 1)[0];
  return offered.find((one) => providerOf(one) !== providerOf(method)) ?? offered.find((one) => one !== method) ?? null;
}

const REFUSED: readonly (readonly [RegExp, "balance" | "limit" | "merchant"])[] = [
  [/BALANCE_NOT_ENOUGH|^NOTENOUGH$/, "balance"],
  [/FEE_EXCEED|AMOUNT_.*LIMIT|PAY_RESTRICTION|QUOTA_EXCEED|^RULE_?LIMIT$/, "limit"],
  [/ACCESS_FORBIDDEN|PARTNER_ERROR|SELLER_|^isv\.|^ISV\.|^NO_?AUTH$|APPID_MCHID|MCH_NOT_EXISTS|^SIGN_ERROR$/, "merchant"],
];

/** Why a provider refused, as far as its code tells; `other` for the rest. Their own words stay in the house. */
export const refusalOf = (code: string | null): "balance" | "limit" | "merchant" | "other" =>
  REFUSED.find(([pattern]) => pattern.test(code ?? ""))?.[1] ?? "other";

/** Whether money has come in for a payment that is in doubt, or whether that is what nobody knows yet. */
export const hasReceived = (view: CheckoutView): boolean => view.attempts.some((attempt) => attempt.status === "succeeded");
