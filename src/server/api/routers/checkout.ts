import { tracked } from "@trpc/server";
import { z } from "zod";
import { MethodSchema } from "~/domain/provider-input";
import { publicProcedure, router } from "~/server/api/trpc";
import { followLive } from "~/server/live-feed";
import * as payment from "~/server/services/payment";

/** The buyer's page. The token is the buyer's only authority; it opens one payment and nothing else. */
const Token = z.string().regex(/^[0-9a-hjkmnp-tv-z]{26}$/);
const withToken = z.strictObject({ token: Token });

export const checkoutRouter = router({
  get: publicProcedure
    .input(withToken)
    .query(async ({ ctx, input }) => payment.getCheckout(await payment.openCheckout(ctx.sys, input.token, ctx))),
  start: publicProcedure.input(withToken.extend({ method: MethodSchema })).mutation(async ({ ctx, input }) => {
    const checkout = await payment.openCheckout(ctx.sys, input.token, ctx);
    return payment.startFromCheckout(checkout, input.method, ctx.ip);
  }),
  /** "I have paid, look": asks the provider now. */
  check: publicProcedure
    .input(withToken)
    .mutation(async ({ ctx, input }) => payment.askFromCheckout(await payment.openCheckout(ctx.sys, input.token, ctx))),
  /** What the buyer's open page listens to: this payment and its attempts, nothing else of the tenant. */
  live: publicProcedure.input(withToken.extend({ lastEventId: z.string().max(64).nullish() })).subscription(async function* ({
    ctx,
    input,
    signal,
  }) {
    const { ctx: buyer, paymentId } = await payment.openCheckout(ctx.sys, input.token, ctx);
    const accept = ({ subject }: { subject: string }) => subject === paymentId;
    for await (const { id, ...news } of followLive(ctx.sys.live, buyer.tenantId, { signal, accept })) yield tracked(id, news);
  }),
});
