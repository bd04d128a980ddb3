import http from "node:http";
import https from "node:https";
import { ANSWER_LIMIT_MS } from "./schedule";

export type Letter = { url: string; headers: Record<string, string>; body: Buffer; signedText: string };
export type Received = { status: number | null; body: string; error: string | null; ms: number };

const BODY_MAX = 4_096;

/** Posts once. Follows no redirect, reuses no connection, and gives up after five seconds in all. */
export function post(letter: Letter): Promise<Received> {
  const began = performance.now();
  return new Promise((resolve) => {
    const done = (part: Partial<Received>) => {
      clearTimeout(limit);
      resolve({ status: null, body: "", error: null, ...part, ms: Math.round(performance.now() - began) });
    };
    const client = letter.url.startsWith("https:") ? https : http;
    const request = client.request(letter.url, {
      method: "POST",
      agent: false,
      headers: { "user-agent": "Mozilla/4.0", accept: "*/*", ...letter.headers, "content-length": letter.body.length },
    });
    const limit = setTimeout(() => {
      done({ error: "timeout" });
      request.destroy();
    }, ANSWER_LIMIT_MS);
    request.on("error", (error: NodeJS.ErrnoException) => done({ error: error.code ?? error.message }));
    request.on("response", (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size <= BODY_MAX) chunks.push(chunk);
      });
      response.on("end", () => done({ status: response.statusCode ?? null, body: Buffer.concat(chunks).toString("utf8") }));
      response.on("error", (error: NodeJS.ErrnoException) => done({ error: error.code ?? error.message }));
    });
    request.end(letter.body);
  });
}
