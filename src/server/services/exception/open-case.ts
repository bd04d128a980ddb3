import { and, eq, sql } from "drizzle-orm";
import type { CaseKind } from "~/domain/exception";
import { newId } from "~/lib/id";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { exceptionCase, payment } from "~/server/db/schema";
import { emit } from "~/server/services/event";

export type ExceptionCase = typeof exceptionCase.$inferSelect;

export type NewCase = Pick<ExceptionCase, "kind" | "dedupeKey" | "amountFen" | "channelId"> &
  Partial<
    Pick<ExceptionCase, "expectedFen" | "paymentId" | "transactionId" | "notificationId" | "outTradeNo" | "providerTradeNo" | "facts">
  >;

/** Puts something that does not fit on the desk, once: the same report again answers the case that stands, open or ended. */
export async function openCase(tx: Tx, ctx: Ctx, report: NewCase): Promise<ExceptionCase> {
  const { tenantId } = ctx;
  const paymentCreatedAt = report.paymentId
    ? sql`(select p.created_at from ${payment} p where p.tenant_id = ${tenantId} and p.id = ${report.paymentId})`
    : null;
  const now = ctx.now();
  const [opened] = await tx
    .insert(exceptionCase)
    .values({ facts: {}, ...report, paymentCreatedAt, tenantId, id: newId("case"), status: "open", openedAt: now, updatedAt: now })
    .onConflictDoNothing()
    .returning();
  if (!opened) {
    const standing = await findCaseByKey(tx, ctx, report.kind, report.dedupeKey);
    if (!standing) throw new Error("a case that conflicts must exist");
    return standing;
  }
  await emit(tx, ctx, {
    type: "exception.open",
    subject: opened.id,
    details: { kind: opened.kind, amountFen: opened.amountFen.toString(), paymentId: opened.paymentId, outTradeNo: opened.outTradeNo },
  });
  return opened;
}

/** The case that a report with this key would meet, open or ended. */
export async function findCaseByKey(tx: Tx, ctx: Ctx, kind: CaseKind, dedupeKey: string): Promise<ExceptionCase | null> {
  const [found] = await tx
    .select()
    .from(exceptionCase)
    .where(and(eq(exceptionCase.tenantId, ctx.tenantId), eq(exceptionCase.kind, kind), eq(exceptionCase.dedupeKey, dedupeKey)));
  return found ?? null;
}
