import { and, eq, sql } from "drizzle-orm";
import { feeByRate } from "~/domain/reconciliation";
import type { Id } from "~/lib/id";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { statementLine } from "~/server/db/schema";
import type { StatementLine, StatementTotals } from "~/server/providers/statement-port";

/**
 * Puts a statement's lines beside our books, a batch at a time, in the transaction that compares them: nobody else ever sees them, and
 * `sweepLines` takes them away before its commit. They travel as JSON, amounts as text. (`COPY` refuses tables behind a wall.)
 */
export async function stageLines(
  tx: Tx,
  ctx: Ctx,
  dayId: Id<"reconciliation">,
  lines: AsyncGenerator<StatementLine[], StatementTotals>,
): Promise<void> {
  for (;;) {
    const { value, done } = await lines.next();
    if (done) break;
    if (value.length === 0) continue;
    const rows = value.map((line) => ({
      no: line.lineNo,
      kind: line.kind,
      out_trade_no: line.outTradeNo,
      trade_no: line.providerTradeNo,
      refund_no: line.outRefundNo ?? line.providerRefundNo,
      amount_fen: line.amount.toString(),
      fee: line.feeMilliFen.toString(),
      fee_by_rate: line.kind === "payment" ? (feeByRate(line.receipt ?? line.amount, line.rateText)?.toString() ?? null) : null,
      state: line.providerState,
      at: line.at.toISOString(),
    }));
    await tx.execute(sql`
      insert into ${statementLine} (tenant_id, day_id, no, kind, out_trade_no, trade_no, refund_no, amount_fen, fee, fee_by_rate, state, at)
      select ${ctx.tenantId}, ${dayId}, no, kind, out_trade_no, trade_no, refund_no, amount_fen, fee, fee_by_rate, state, at
        from json_to_recordset(${JSON.stringify(rows)}::json) as line
             (no int, kind text, out_trade_no text, trade_no text, refund_no text, amount_fen bigint, fee bigint, fee_by_rate bigint, state text, at timestamptz)`);
  }
}

export async function sweepLines(tx: Tx, ctx: Ctx, dayId: Id<"reconciliation">): Promise<void> {
  await tx.delete(statementLine).where(and(eq(statementLine.tenantId, ctx.tenantId), eq(statementLine.dayId, dayId)));
}
