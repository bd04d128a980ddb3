import { createHash } from "node:crypto";
import { invariant, ProviderError } from "~/lib/errors";
import { isCivilDate } from "~/lib/time";
import type { CallOptions, WechatChannel } from "../port";
import { checkFileSize, inBatches } from "../statement/batches";
import { checkDay, downloadStatement } from "../statement/download";
import { gunzipped, piecesOf } from "../statement/inflate";
import { type FetchedStatement, StatementError, type StatementFile, type StatementProvider } from "../statement-port";
import { DEADLINE_MS, retrying } from "../transport";
import { type Answer, type Call, isCode, type Refusal, request } from "./client";
import type { JsonObject } from "./exact-json";
import { readObject, readText } from "./fields";
import { authorization } from "./sign";
import { WechatStatementParser } from "./statement-file";

/** WeChat Pay's trade statements: a verified answer names a link and the hash of what lies there. */
export const wechatStatements: StatementProvider<WechatChannel> = { fetch, read };

type Link = { url: string; hashType: string; hash: string };

async function fetch(channel: WechatChannel, day: string, options: CallOptions): Promise<FetchedStatement> {
  const { now, deadlineMs: totalMs = DEADLINE_MS } = options;
  checkDay(day, now());
  const call: Call = {
    method: "GET",
    path: "/v3/bill/tradebill",
    query: { bill_date: day, bill_type: "ALL", tar_type: "GZIP" },
  };
  const answer: Answer<Link> = await retrying({ totalMs, attempts: 2, on: ["unavailable", "unknown"] }, (deadlineMs) =>
    request(channel, call, readLink, { now, deadlineMs }),
  );
  if (!answer.ok) return readRefused(answer);

  const { url, hashType, hash } = answer.value;
  const bytes = await downloadStatement(channel, url, { authorization: await authorizationFor(channel, url, now()) });
  const file: StatementFile = { bytes, format: isGzip(bytes) ? "gzip" : "plain" };
  // The file itself is not signed: what binds it is the hash, which came in a verified answer.
  if (hashType !== "SHA1" || (await hashOf(file)) !== hash.toLowerCase()) {
    throw new ProviderError("unknown", "bad_hash", "the statement is not the one that was announced", { httpStatus: 200 });
  }
  return { kind: "file", file };
}

function readLink(body: JsonObject | null): Link {
  const from = readObject(body ?? undefined, "body");
  return {
    url: readText(from, "download_url", /^https?:\/\/[\x21-\x7e]{1,4096}$/),
    hashType: readText(from, "hash_type", /^[0-9A-Z-]{1,32}$/),
    hash: readText(from, "hash_value", /^[0-9A-Fa-f]{1,128}$/),
  };
}

const NONE: ReadonlySet<string> = new Set(["NOSTATEMENTEXIST"]);
const CREATING: ReadonlySet<string> = new Set(["STATEMENTCREATING"]);

/**
 * That a day has no trades is final: nobody asks again, and money that we do not know of would stay unknown. So only a signed refusal
 * says it, as 4xx answers are except for a 401; unsigned it is a hint, and asking once more costs nothing.
 */
function readRefused({ code, status, signed, field, requestId }: Refusal): FetchedStatement {
  if (isCode(code, NONE)) return signed ? { kind: "empty" } : { kind: "not_ready", code };
  if (isCode(code, CREATING)) return { kind: "not_ready", code };
  const message = `statement refused: HTTP ${status} ${code}${field ? ` at ${field}` : ""}`;
  throw new ProviderError("declined", code, message, { httpStatus: status, traceId: requestId ?? undefined });
}

/** Signed over path and query exactly as they were given: an address that would be written otherwise on the way is refused. */
function authorizationFor(channel: WechatChannel, url: string, now: Date): Promise<string> {
  const { origin, pathname, search } = new URL(url);
  const target = pathname + search;
  if (origin + target !== url)
    throw new ProviderError("unknown", "bad_answer", "the statement's address is not plain", { httpStatus: 200 });
  return authorization(channel, { method: "GET", target, body: "" }, now);
}

/** By what it is: a proxy may have unpacked the file on the way. */
const isGzip = (bytes: Buffer): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

const textOf = ({ bytes, format }: StatementFile): AsyncIterable<Buffer> | Iterable<Buffer> =>
  format === "gzip" ? gunzipped(piecesOf(bytes)) : piecesOf(bytes);

async function hashOf(file: StatementFile): Promise<string> {
  const hash = createHash("sha1");
  try {
    for await (const chunk of textOf(file)) hash.update(chunk);
  } catch (cause) {
    if (!(cause instanceof StatementError)) throw cause;
    throw new ProviderError("unknown", cause.code, "the statement cannot be unpacked", { httpStatus: 200 }, { cause });
  }
  return hash.digest("hex");
}

async function* read(channel: WechatChannel, day: string, file: StatementFile): ReturnType<StatementProvider["read"]> {
  invariant(isCivilDate(day), "a statement is of a day");
  checkFileSize(file.bytes);
  if (file.format === "zip") throw new StatementError("not_a_statement", "WeChat Pay's statements are no ZIP archives");
  return yield* inBatches(textOf(file), new WechatStatementParser(channel.mchid, day));
}
