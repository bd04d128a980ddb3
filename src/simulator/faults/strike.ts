import { setTimeout as sleep } from "node:timers/promises";
import { answer, type Reply } from "../http/wire";
import type { Strike } from "./faults";
import type { RequestFault } from "./kinds";

const SLOW_MS = 3_000;

/** Twists change the answer of a call that was carried out (or its business code); the other faults replace it. */
export type Twist = Exclude<
  RequestFault,
  "refuse" | "reset" | "hang" | "slow" | "error500" | "html502" | "do_then_timeout" | "late_answer"
>;

const GATEWAY_PAGE =
  "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n";

/** Plays the part of a fault that comes before the call is carried out. With a `reply` the call must not be carried out. */
export async function strikeBefore(
  strike: Strike<RequestFault> | null,
  provider: "alipay" | "wechat",
): Promise<{ reply: Reply | null; twist: Twist | null }> {
  if (!strike) return { reply: null, twist: null };
  switch (strike.kind) {
    case "do_then_timeout":
    case "late_answer":
      return { reply: null, twist: null };
    case "slow":
      await sleep(strike.delayMs ?? SLOW_MS);
      return { reply: null, twist: null };
    case "refuse":
      return { reply: { kind: "close" }, twist: null };
    case "reset":
      return { reply: { kind: "reset" }, twist: null };
    case "hang":
      return { reply: { kind: "hang" }, twist: null };
    case "error500":
      return {
        reply: provider === "wechat" ? WECHAT_500 : answer(500, { "content-type": "text/html" }, "Internal Server Error"),
        twist: null,
      };
    case "html502":
      return { reply: answer(502, { "content-type": "text/html" }, GATEWAY_PAGE), twist: null };
    default:
      return { reply: null, twist: strike.kind };
  }
}

/** Plays the part of a fault that comes between the deed and its answer. */
export async function strikeAfter(strike: Strike<RequestFault> | null): Promise<void> {
  if (strike?.kind === "late_answer") await sleep(strike.delayMs ?? SLOW_MS);
}

const WECHAT_500 = answer(
  500,
  { "content-type": "application/json; charset=utf-8" },
  JSON.stringify({ code: "SYSTEM_ERROR", message: "系统异常，请用相同参数重新调用" }),
);
