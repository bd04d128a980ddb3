import { and, desc, eq, gte, inArray, lt, or, type SQL, sql } from "drizzle-orm";
import { type FacetofaceStatus, facetofaceMachine } from "~/domain/facetoface";
import type { ListFacetofaceInput } from "~/domain/facetoface-input";
import { AppError } from "~/lib/errors";
import type { Id } from "~/lib/id";
import { addDays, type CivilDate, startOfBeijingDate } from "~/lib/time";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { decodeCursor, encodeCursor } from "~/server/db/cursor";
import { beginsWith } from "~/server/db/like";
import { facetofaceBatch, facetofaceOrder as order } from "~/server/db/schema";
import { attentionWord, countAttention, needsAttention } from "./attention";

/** Above this a count says "999+": nobody reads it, and counting a million rows would cost what the page may not. */
const COUNT_MAX = 1_000;

const listed = {
  id: order.id,
  batchNo: order.batchNo,
  orderNo: order.orderNo,
  merchantName: order.merchantName,
  shopName: order.shopName,
  status: order.status,
  step: order.step,
  providerState: order.providerState,
  rate: order.rate,
  confirmUrl: order.confirmUrl,
  confirmExpiresAt: order.confirmExpiresAt,
  remindCount: order.remindCount,
  lastRemindAt: order.lastRemindAt,
  rejectReason: order.rejectReason,
  closeReason: order.closeReason,
  failureCode: order.failureCode,
  queryCount: order.queryCount,
  lastQueryAt: order.lastQueryAt,
  nextQueryAt: order.nextQueryAt,
  submittedAt: order.submittedAt,
  heldAt: order.heldAt,
  approvedAt: order.approvedAt,
  endedAt: order.endedAt,
  createdAt: order.createdAt,
};

/** One page of applications, newest first, by keyset: a deep page costs what the first costs. */
export async function listFacetoface(ctx: Ctx, input: ListFacetofaceInput) {
  return ctx.read(async (tx) => {
    const where = await filterOf(tx, ctx, input);
    const rows = await tx
      .select({ ...listed, attention: attentionWord(ctx.now()) })
      .from(order)
      .where(and(...where, statusIs(ctx, input.status), after(input.cursor)))
      .orderBy(desc(order.createdAt), desc(order.id))
      .limit(input.limit + 1);
    const items = rows.slice(0, input.limit);
    const last = items.at(-1);
    return { items, nextCursor: rows.length > input.limit && last ? encodeCursor([last.createdAt.toISOString(), last.id]) : null };
  });
}

/** How many applications stand where under the same other filters, each counted to a thousand at most; one statement. */
export async function countFacetoface(ctx: Ctx, input: ListFacetofaceInput) {
  return ctx.read(async (tx) => {
    const where = await filterOf(tx, ctx, input);
    const counted = (extra?: SQL) => {
      const capped = tx
        .select({ one: sql`1` })
        .from(order)
        .where(and(...where, extra))
        .limit(COUNT_MAX);
      return sql<number>`(select count(*)::int from (${capped}) as capped)`;
    };
    const wanted = {
      all: counted(),
      attention: counted(statusIs(ctx, "attention")),
      ...(Object.fromEntries(facetofaceMachine.states.map((status) => [status, counted(eq(order.status, status))])) as Record<
        FacetofaceStatus,
        SQL<number>
      >),
    };
    const [row] = await tx.select(wanted).from(sql`(values (1)) as once`);
    if (!row) throw new Error("a row of counts comes back");
    return { ...row, countMax: COUNT_MAX };
  });
}

/** For the badge in the navigation. */
export const countFacetofaceAttention = (ctx: Ctx): Promise<number> => ctx.read((tx) => countAttention(tx, ctx));

function statusIs(ctx: Ctx, status: ListFacetofaceInput["status"]): SQL | undefined {
  return status === "attention" ? needsAttention(ctx.now()) : status ? eq(order.status, status) : undefined;
}

function after(cursor: string | undefined): SQL | undefined {
  if (!cursor) return undefined;
  const [at = "", id = ""] = decodeCursor(cursor, 2);
  if (Number.isNaN(Date.parse(at))) throw new AppError("invalid_input", "cursor", { field: "cursor" });
  return sql`(${order.createdAt}, ${order.id}) < (${at}::timestamptz, ${id})`;
}

async function filterOf(tx: Tx, ctx: Ctx, { q, from, to }: ListFacetofaceInput): Promise<(SQL | undefined)[]> {
  return [
    eq(order.tenantId, ctx.tenantId),
    from ? gte(order.createdAt, startOfBeijingDate(from as CivilDate)) : undefined,
    to ? lt(order.createdAt, startOfBeijingDate(addDays(to as CivilDate, 1))) : undefined,
    q ? await matching(tx, ctx, q) : undefined,
  ];
}

/** A number exactly, also that of an earlier batch; or the beginning of a merchant's or shop's name. Each has its index. */
async function matching(tx: Tx, ctx: Ctx, q: string): Promise<SQL | undefined> {
  const batches = await tx
    .select({ id: facetofaceBatch.orderId })
    .from(facetofaceBatch)
    .where(and(eq(facetofaceBatch.tenantId, ctx.tenantId), eq(facetofaceBatch.batchNo, q)));
  const ids = [q as Id<"facetoface">, ...batches.map(({ id }) => id)];
  return or(inArray(order.id, ids), eq(order.batchNo, q), eq(order.orderNo, q), matchingNames(q));
}

export const matchingNames = (q: string): SQL => sql`(${beginsWith(order.merchantName, q)} or ${beginsWith(order.shopName, q)})`;
