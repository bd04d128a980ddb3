import iconv from "iconv-lite";
import { z } from "zod";
import type { Environment } from "~/domain/provider";
import { invariant, ProviderError } from "~/lib/errors";
import { isCivilDate, minutes } from "~/lib/time";
import type { AlipayChannel, CallOptions } from "../port";
import { unzipped } from "../statement/archive";
import { checkFileSize, inBatches } from "../statement/batches";
import { checkDay, downloadStatement } from "../statement/download";
import { type FetchedStatement, StatementError, type StatementFile, type StatementProvider } from "../statement-port";
import { DEADLINE_MS, retrying } from "../transport";
import { exec, type GatewayAnswer } from "./client";
import { AlipayStatementParser } from "./statement-file";

/** Alipay's trade statements: a link that lives half a minute, behind it a ZIP. */
export const alipayStatements: StatementProvider<AlipayChannel> = { fetch, read };

const METHOD = "alipay.data.dataservice.bill.downloadurl.query";

async function fetch(channel: AlipayChannel, day: string, options: CallOptions): Promise<FetchedStatement> {
  checkDay(day, options.now());
  const link = await askForLink(channel, day, options);
  if (link.kind !== "link") return link;
  const bytes = await downloadStatement(channel, link.url);
  // A web page that regrets, for instance, with status 200.
  if (!isZip(bytes))
    throw new ProviderError("unknown", "not_an_archive", "the statement's address answered no ZIP archive", { httpStatus: 200 });
  return { kind: "file", file: { bytes, format: "zip" } };
}

type Link = Exclude<FetchedStatement, { kind: "file" }> | { kind: "link"; url: string };

async function askForLink(channel: AlipayChannel, day: string, { now, deadlineMs = DEADLINE_MS }: CallOptions): Promise<Link> {
  const content = { bill_type: "trade", bill_date: day };
  try {
    const answer = await retrying({ totalMs: deadlineMs, attempts: 2, on: ["unavailable", "unknown"] }, (leftMs) =>
      exec(channel, METHOD, content, { now, deadlineMs: leftMs }).catch((error: unknown) => {
        throw asBusy(error);
      }),
    );
    return linkOf(channel, answer);
  } catch (error) {
    const code = error instanceof ProviderError ? plainCode(error.code) : "";
    if (code === "NO_BILL_DATA") return { kind: "empty" };
    if (code === "BILL_NOT_EXIST") return { kind: "not_ready", code };
    throw error;
  }
}

/** Older answers write `isp.bill_not_exist`. Our own codes, for answers that were not verified, are none of theirs in either spelling. */
const plainCode = (code: string): string =>
  code
    .replace(/^is[pv]\./, "")
    .replaceAll("-", "_")
    .toUpperCase();

/** Refusals that blame the hour and not the question. */
function asBusy(error: unknown): unknown {
  if (!(error instanceof ProviderError) || !/(SYSTEM|USER)_RATE_LIMIT$/.test(plainCode(error.code))) return error;
  const extra = { ...error.extra, retryAfterMs: minutes(1) };
  return new ProviderError("unavailable", error.code, error.message, extra, { cause: error });
}

const LinkAnswer = z.object({ bill_download_url: z.string().max(4_096).optional(), bill_file_code: z.string().max(64).optional() });

function linkOf({ environment }: AlipayChannel, { node, traceId }: GatewayAnswer): Link {
  const parsed = LinkAnswer.safeParse(node);
  if (parsed.data?.bill_file_code === "EMPTY_DATA_WITH_BILL_FILE") return { kind: "empty" };
  const url = linkAddress(parsed.data?.bill_download_url ?? "", environment);
  if (url) return { kind: "link", url };
  throw new ProviderError("unknown", "bad_answer", `${METHOD}: no address in the answer`, { httpStatus: 200, ...(traceId && { traceId }) });
}

/** Their answers still write http, which we never speak outside; the same host answers https. Null for what is no address. */
export function linkAddress(text: string, environment: Environment): string | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  if (environment !== "simulator" && url.protocol === "http:" && url.port === "") url.protocol = "https:";
  return url.href;
}

/** The first entry, or the end of an archive without any. */
const isZip = (bytes: Buffer): boolean => ["PK\x03\x04", "PK\x05\x06"].includes(bytes.toString("latin1", 0, 4));

/** `<pid>0156_<yyyyMMdd>_业务明细.csv`; the file of sums beside it is `…_业务明细(汇总).csv`. */
const DETAILS_END = iconv.encode("业务明细.csv", "gbk");

async function* read(channel: AlipayChannel, day: string, file: StatementFile): ReturnType<StatementProvider["read"]> {
  invariant(isCivilDate(day), "a statement is of a day");
  checkFileSize(file.bytes);
  if (file.format !== "zip") throw new StatementError("not_a_statement", `Alipay's statements are ZIP archives, not ${file.format}`);
  const details = unzipped(file.bytes, (name) => name.subarray(-DETAILS_END.length).equals(DETAILS_END));
  return yield* inBatches(details, new AlipayStatementParser(channel.sellerId, day));
}
