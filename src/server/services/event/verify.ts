import { and, asc, count, eq, gt, isNull, sql } from "drizzle-orm";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { event, eventSeal } from "~/server/db/schema";
import { CHAIN_START, linkHash } from "./chain";
import { readHeads } from "./heads";

const BATCH_MAX = 2_000;

/**
 * What is wrong with the first bad row. `missing_link`: a seal was taken out. `missing_event`: the event was. `edited`: the content
 * does not give its hash. `reordered`: the order is not the sealing order. `inserted`: an event stands where the chain had already
 * passed. `cut` and `rebuilt`: the chain no longer holds a head that was noted outside the database.
 */
export type ChainFault = "missing_link" | "missing_event" | "edited" | "reordered" | "inserted" | "cut" | "rebuilt";

export type ChainReport = {
  tenantId: string;
  ok: boolean;
  /** Links in the chain. */
  length: number;
  /** Hash of the newest link, hex; null for an empty chain. */
  head: string | null;
  /** Events written but not sealed yet. */
  pending: number;
  /** Heads from outside the database that were compared. */
  headsCompared: number;
  firstBad: { seq: string | null; eventId: string | null; fault: ChainFault } | null;
};

/** Walks the whole chain and compares it with the heads kept outside the database (AUD-02). */
export async function verifyChain(ctx: Ctx): Promise<ChainReport> {
  const heads = new Map((await readHeads(ctx.sys, ctx.tenantId)).map((head) => [head.seq, head.hash]));
  const noted = [...heads.keys()].map(BigInt).sort((a, b) => (a < b ? -1 : 1));
  const report: ChainReport = {
    tenantId: ctx.tenantId,
    ok: true,
    length: 0,
    head: null,
    pending: 0,
    headsCompared: heads.size,
    firstBad: null,
  };

  let previous: Place = { seq: 0n, hash: CHAIN_START, txid: 0n, no: 0n };
  for (;;) {
    const links = await ctx.read((tx) => readLinks(tx, ctx, previous.seq));
    for (const link of links) {
      report.firstBad ??= faultOf(previous, link, heads);
      report.length += 1;
      previous = { seq: link.seq, hash: link.hash, txid: BigInt(link.txid), no: link.no };
    }
    if (links.length < BATCH_MAX) break;
  }
  if (report.length > 0) report.head = previous.hash.toString("hex");

  const newestNoted = noted.at(-1);
  if (newestNoted !== undefined && newestNoted > previous.seq) {
    report.firstBad ??= { seq: newestNoted.toString(), eventId: null, fault: "cut" };
  }
  const unsealed = await ctx.read((tx) => readUnsealed(tx, ctx, previous));
  report.pending = unsealed.pending;
  if (unsealed.inserted) report.firstBad ??= { seq: null, eventId: unsealed.inserted, fault: "inserted" };
  report.ok = report.firstBad === null;
  return report;
}

type Place = { seq: bigint; hash: Buffer; txid: bigint; no: bigint };
type Link = Awaited<ReturnType<typeof readLinks>>[number];

function readLinks(tx: Tx, ctx: Ctx, afterSeq: bigint) {
  return tx
    .select({ seq: eventSeal.seq, eventId: eventSeal.eventId, hash: eventSeal.hash, txid: eventSeal.txid, no: eventSeal.no, event })
    .from(eventSeal)
    .leftJoin(event, and(eq(event.tenantId, eventSeal.tenantId), eq(event.id, eventSeal.eventId)))
    .where(and(eq(eventSeal.tenantId, ctx.tenantId), gt(eventSeal.seq, afterSeq)))
    .orderBy(asc(eventSeal.seq))
    .limit(BATCH_MAX);
}

function faultOf(previous: Place, link: Link, heads: ReadonlyMap<string, string>): ChainReport["firstBad"] {
  const bad = (fault: ChainFault) => ({ seq: link.seq.toString(), eventId: link.eventId, fault });
  if (link.seq !== previous.seq + 1n) return { seq: (previous.seq + 1n).toString(), eventId: null, fault: "missing_link" };
  if (!link.event) return bad("missing_event");
  const txid = BigInt(link.txid);
  const inOrder = txid > previous.txid || (txid === previous.txid && link.no > previous.no);
  if (!inOrder || link.event.txid !== link.txid || link.event.no !== link.no) return bad("reordered");
  if (!linkHash(previous.hash, link.event).equals(link.hash)) return bad("edited");
  const noted = heads.get(link.seq.toString());
  return noted !== undefined && noted !== link.hash.toString("hex") ? bad("rebuilt") : null;
}

/** Events without a link: behind the chain's end they wait for the sealer, before it they were slipped in. */
async function readUnsealed(tx: Tx, ctx: Ctx, end: { txid: bigint; no: bigint }) {
  const isBehind = sql<boolean>`(${event.txid}, ${event.no}) > (${end.txid.toString()}::xid8, ${end.no.toString()}::bigint)`;
  const [waiting] = await tx
    .select({ pending: count() })
    .from(event)
    .where(and(eq(event.tenantId, ctx.tenantId), isBehind));
  const [slipped] = await tx
    .select({ id: event.id })
    .from(event)
    .leftJoin(eventSeal, and(eq(eventSeal.tenantId, event.tenantId), eq(eventSeal.eventId, event.id)))
    .where(and(eq(event.tenantId, ctx.tenantId), isNull(eventSeal.eventId), sql`not (${isBehind})`))
    .limit(1);
  return { pending: waiting?.pending ?? 0, inserted: slipped?.id ?? null };
}
