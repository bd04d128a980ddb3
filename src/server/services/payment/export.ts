import type { ListPaymentsInput } from "~/domain/payment-input";
import type { Ctx } from "~/server/context";
import { emit } from "~/server/services/event";
import { listPayments } from "./list";

/** More rows than a person reads; who needs more narrows the filter or asks for a statement. */
export const EXPORT_MAX = 10_000;
const PAGE = 500;

export type ExportedPayment = Awaited<ReturnType<typeof listPayments>>["items"][number];

/**
 * The payments under a filter in the order of the list, a page at a time, at most EXPORT_MAX of them. That somebody took them is
 * in the audit log before the first row leaves; what they searched for is not, it may be a name (PII-01).
 */
export async function* exportPayments(ctx: Ctx, input: ListPaymentsInput): AsyncGenerator<ExportedPayment[], void> {
  const { q, cursor: _cursor, limit: _limit, minFen, maxFen, ...filter } = input;
  const details = { ...filter, minFen: minFen?.toString(), maxFen: maxFen?.toString(), searched: q !== undefined, rowsMax: EXPORT_MAX };
  await ctx.transaction((tx) => emit(tx, ctx, { type: "payment.export", subject: ctx.tenantId, details }));
  let cursor: string | undefined;
  for (let count = 0; count < EXPORT_MAX; count += PAGE) {
    const page = await listPayments(ctx, { ...input, cursor, limit: PAGE });
    yield page.items;
    if (!page.nextCursor) return;
    cursor = page.nextCursor;
  }
}
