import type { Provider } from "~/domain/provider";
import type { FaultInput, FaultsOutput } from "../../control/types";

/** Where a fault strikes. Route and account narrow it; null means all of them. Notifications have no routes. */
export type Scope = { side: "request" | "notification"; provider: Provider; route: string | null; account: string | null };

/** The key of a switch, as the control interface names scopes. */
export function faultKey({ side, provider, route, account }: Scope): string {
  const who = account ? `${provider}:${account}` : provider;
  if (side === "notification") return `notify.${who}`;
  if (!route) return who;
  // Alipay's method names begin with the provider's, so a method for all accounts stands alone.
  return provider === "alipay" && !account ? route : `${who}.${route}`;
}

/** Reads a key back; null for one that no scope makes. */
export function scopeOf(key: string): Scope | null {
  const notify = /^notify\.(alipay|wechat)(?::([^.]+))?$/.exec(key);
  if (notify) return { side: "notification", provider: notify[1] as Provider, route: null, account: notify[2] ?? null };
  const common = { side: "request" as const };
  const [, provider, account, route] = /^(alipay|wechat)(?::([^.]+))?(?:\.(.+))?$/.exec(key) ?? [];
  if (!provider) return null;
  if (provider === "alipay" && !account && route) return { ...common, provider, route: key, account: null };
  return { ...common, provider: provider as Provider, route: route ?? null, account: account ?? null };
}

type Switches = FaultsOutput["faults"];
export type Switch = Switches[string];

/** A switch that has struck as often as it may is as good as off. */
export const isOn = (fault: Switch | undefined): fault is Switch => fault !== undefined && fault.left !== 0;

export const activeFaults = (faults: Switches): [key: string, fault: Switch][] => Object.entries(faults).filter(([, fault]) => isOn(fault));

/** What a person typed beside a switch; empty means the default. */
export type Draft = { times: string; percent: string; delayMs: string; copies: string };
export const EMPTY_DRAFT: Draft = { times: "", percent: "", delayMs: "", copies: "" };

export const draftOf = (fault: Switch): Draft => ({
  times: fault.times?.toString() ?? "",
  percent: fault.percent?.toString() ?? "",
  delayMs: fault.delayMs?.toString() ?? "",
  copies: fault.copies?.toString() ?? "",
});

export const LIMITS: Record<keyof Draft, readonly [from: number, to: number]> = {
  times: [1, 1_000_000],
  percent: [0, 100],
  delayMs: [0, 86_400_000],
  copies: [2, 200],
};

/** The fields that say how a kind strikes, beside times and percent. */
export const extraOf = (kind: string): "delayMs" | "copies" | null =>
  kind === "slow" || kind === "late_answer" || kind === "late" ? "delayMs" : kind === "repeat" ? "copies" : null;

export function isBad(field: keyof Draft, text: string): boolean {
  if (text === "") return false;
  const [from, to] = LIMITS[field];
  return !/^\d{1,9}$/.test(text) || Number(text) < from || Number(text) > to;
}

/** The switch that a draft asks for; null while a field is wrong. */
export function faultFrom(kind: string, draft: Draft): FaultInput | null {
  const extra = extraOf(kind);
  const fields = ["times", "percent", ...(extra ? [extra] : [])] as const;
  if (fields.some((field) => isBad(field, draft[field]))) return null;
  const given = fields.filter((field) => draft[field] !== "").map((field) => [field, Number(draft[field])]);
  return { kind, ...Object.fromEntries(given) };
}
