import type { IncomingMessage, ServerResponse } from "node:http";
import { seconds } from "~/lib/time";

/** Nobody may take longer to say what they want. */
export const BODY_WITHIN_MS = seconds(30);
/** A picture of 5 MiB over a phone's weak line: a third of a megabit per second. */
export const UPLOAD_WITHIN_MS = seconds(120);

/** Ends a request whose body is not all there in time: answered 408, and the connection closed. */
export function endSlowBody(req: IncomingMessage, res: ServerResponse, withinMs: number): void {
  if (req.complete || req.method === "GET" || req.method === "HEAD") return;
  const timer = setTimeout(() => {
    if (req.complete) return;
    if (!res.headersSent) res.writeHead(408, { connection: "close" });
    res.end(() => req.destroy());
  }, withinMs);
  timer.unref();
  res.once("close", () => clearTimeout(timer));
}
