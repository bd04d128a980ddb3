import type { AccountView } from "../../control/types";
import type { Words } from "../words/zh";
import { scopeOf } from "./fault-key";

/** A scope in words: 支付宝 通知, or the method itself. */
export function scopeName(words: Words, key: string, accounts: readonly AccountView[]): string {
  const scope = scopeOf(key);
  if (!scope) return key;
  const provider = words.provider[scope.provider];
  const where = scope.side === "notification" ? words.faults.news(provider) : (scope.route ?? words.faults.whole(provider));
  const owner = scope.account && (accounts.find(({ account }) => account === scope.account)?.name ?? scope.account);
  return owner ? `${where} · ${owner}` : where;
}
