import { z } from "zod";
import { CreatePayment, idOf, ListPayments, StartAttempt } from "~/domain/payment-input";
import { router, tenantProcedure } from "~/server/api/trpc";
import * as payment from "~/server/services/payment";

const byId = z.strictObject({ paymentId: idOf("payment") });

export const paymentRouter = router({
  list: tenantProcedure("payment.read")
    .input(ListPayments)
    .query(({ ctx, input }) => payment.listPayments(ctx.service, input)),
  counts: tenantProcedure("payment.read")
    .input(ListPayments)
    .query(({ ctx, input }) => payment.countPayments(ctx.service, input)),
  sum: tenantProcedure("payment.read")
    .input(ListPayments)
    .query(({ ctx, input }) => payment.sumPayments(ctx.service, input)),
  get: tenantProcedure("payment.read")
    .input(byId)
    .query(({ ctx, input }) => payment.getPaymentDetail(ctx.service, input.paymentId)),
  create: tenantProcedure("payment.write")
    .input(CreatePayment)
    .mutation(async ({ ctx, input }) => {
      const { payment: created, checkoutUrl } = await payment.createPayment(ctx.service, input);
      return { id: created.id, orderNo: created.orderNo, status: created.status, expiresAt: created.expiresAt, checkoutUrl };
    }),
  start: tenantProcedure("payment.write")
    .input(StartAttempt)
    .mutation(async ({ ctx, input }) => {
      const { transaction, launch } = await payment.startAttempt(ctx.service, { ...input, clientIp: ctx.ip });
      return { transactionId: transaction.id, outTradeNo: transaction.outTradeNo, status: transaction.status, launch };
    }),
  query: tenantProcedure("payment.write")
    .input(z.strictObject({ transactionId: idOf("transaction") }))
    .mutation(async ({ ctx, input }) => {
      const { transaction, trade, applied } = await payment.queryAttempt(ctx.service, input.transactionId);
      return { status: transaction.status, providerState: trade.providerState, state: trade.state, verdict: applied.verdict.kind };
    }),
  cancel: tenantProcedure("payment.write")
    .input(z.strictObject({ paymentId: idOf("payment"), reason: z.string().trim().min(1).max(200) }))
    .mutation(async ({ ctx, input }) => {
      const { id, status } = await payment.cancelPayment(ctx.service, input.paymentId, input.reason);
      return { id, status };
    }),
});
