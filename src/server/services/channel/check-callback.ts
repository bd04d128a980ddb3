import type { Check } from "~/domain/channel-check";
import { seconds } from "~/lib/time";
import type { ProviderChannel } from "~/server/providers/port";

const DEADLINE_MS = seconds(5);
/** A refusal is a few bytes; whatever is longer is not ours. */
const ANSWER_BYTES_MAX = 4_096;

/**
 * Calls our own notify address from outside, as the provider will, with an empty message. That our refusal comes back proves
 * that the address leads here. The address is built from APP_URL, so this asks nobody but ourselves.
 */
export async function checkCallback({ provider, notifyUrl }: ProviderChannel): Promise<Check> {
  const since = performance.now();
  const finding = await callOurselves(provider, notifyUrl);
  return { name: "callback", ...finding, ms: Math.round(performance.now() - since) };
}

async function callOurselves(provider: ProviderChannel["provider"], notifyUrl: string): Promise<Omit<Check, "name" | "ms">> {
  let answer: Response;
  let text: string;
  try {
    answer = await fetch(notifyUrl, {
      method: "POST",
      headers: { "content-type": provider === "alipay" ? "application/x-www-form-urlencoded; charset=utf-8" : "application/json" },
      body: "",
      redirect: "manual",
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    text = await readStart(answer);
  } catch (error) {
    return { ok: false, evidence: reasonOf(error), cause: "not_reached", next: "check_app_url" };
  }
  const evidence = `HTTP ${answer.status}`;
  if (answer.status >= 300 && answer.status < 400) return { ok: false, evidence, cause: "redirected", next: "check_app_url" };
  if (answer.status >= 500) return { ok: false, evidence, cause: "our_error", next: "look_at_logs" };
  // A 404 in our own words would be another installation, which does not know this channel.
  const isOurs = answer.status >= 400 && answer.status !== 404 && (provider === "alipay" ? text === "fail" : isWechatRefusal(text));
  return isOurs ? { ok: true, evidence } : { ok: false, evidence, cause: "answered_by_another", next: "check_app_url" };
}

async function readStart(answer: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body ?? []) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES_MAX) break;
  }
  return Buffer.concat(chunks).toString("utf8");
}

function isWechatRefusal(text: string): boolean {
  try {
    const answer: unknown = JSON.parse(text);
    return typeof answer === "object" && answer !== null && "code" in answer && "message" in answer;
  } catch {
    return false;
  }
}

/** A short word for why nothing came back: `ECONNREFUSED`, `ENOTFOUND`, `timeout`. */
function reasonOf(error: unknown): string {
  for (let current = error; current instanceof Error; current = current.cause) {
    const { code } = current as { code?: unknown };
    if (typeof code === "string") return code.slice(0, 40);
    if (current.name === "TimeoutError") return "timeout";
  }
  return "no answer";
}
