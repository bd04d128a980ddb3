import { LRUCache } from "lru-cache";
import { minutes } from "~/lib/time";
import type { SystemCtx } from "~/server/context";
import { BodyTooLargeError, readRawBody } from "~/server/raw-body";
import type { Exchange } from "./exchange";
import { answer } from "./headers";

const BODY_MAX_BYTES = 16_384;
const REPORTS_PER_MINUTE = 20;
const perSource = new LRUCache<string, number>({ max: 5_000, ttl: minutes(1), noUpdateTTL: true });

/** Browsers tell here what our policy kept from running. Anybody may write, so it is small, counted, and only logged. */
export async function handleCspReport(sys: SystemCtx, { req, res, ip, requestId }: Exchange): Promise<void> {
  const type = req.headers["content-type"] ?? "";
  if (req.method !== "POST") return answer(res, 405);
  if (!/^application\/(csp-report|reports\+json|json)\s*(;|$)/i.test(type)) return answer(res, 415);
  const count = (perSource.get(ip) ?? 0) + 1;
  perSource.set(ip, count);
  if (count > REPORTS_PER_MINUTE) return answer(res, 429);
  try {
    const report: unknown = JSON.parse((await readRawBody(req, BODY_MAX_BYTES)).toString("utf8"));
    sys.log.warn({ security: "csp_violation", requestId, ip, ...violationOf(report) }, "the browser kept something from running");
    answer(res, 204);
  } catch (error) {
    if (error instanceof BodyTooLargeError) res.setHeader("connection", "close");
    answer(res, error instanceof BodyTooLargeError ? 413 : 400);
  }
}

/** Which rule, and what it stopped; no paths or queries, which may carry a link's token. */
function violationOf(report: unknown): { directive: string; blocked: string } {
  const first = Array.isArray(report)
    ? (report[0] as { body?: unknown } | undefined)?.body
    : (report as { "csp-report"?: unknown })?.["csp-report"];
  const body = (typeof first === "object" && first !== null ? first : {}) as Record<string, unknown>;
  const directive = body["effective-directive"] ?? body.effectiveDirective ?? body["violated-directive"];
  const blocked = String(body["blocked-uri"] ?? body.blockedURL ?? "");
  return {
    directive: String(directive ?? "unknown").slice(0, 60),
    blocked: (URL.canParse(blocked) ? new URL(blocked).origin : blocked).slice(0, 100),
  };
}
