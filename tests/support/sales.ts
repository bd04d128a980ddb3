import { sql } from "drizzle-orm";
import postgres from "postgres";
import { type Method, methodProvider, methodsOf, PROVIDERS } from "~/domain/provider";
import { type Id, newId, randomBase32 } from "~/lib/id";
import { fen } from "~/lib/money";
import { after, hours, instantFromBeijing } from "~/lib/time";
import { type Ctx, inTenant, type SystemCtx } from "~/server/context";
import { channel, type payment } from "~/server/db/schema";
import { applyTrade, cancelPayment, createPayment, lockAttempt, prepareAttempt } from "~/server/services/payment";
import type { TestDatabase } from "./postgres";
import { cliActor, newTenant } from "./system";

type Payment = typeof payment.$inferSelect;

/** The same tenant at a held moment, "2026-11-20 10:42:00" in Beijing. */
export const at = (ctx: Ctx, beijing: string): Ctx =>
  inTenant({ ...ctx.sys, now: () => instantFromBeijing(beijing) }, ctx.tenantId, ctx.actor);

/** A tenant with an enabled channel of each provider that no call goes through: for books, lists and figures. */
export async function newShop(sys: SystemCtx) {
  const ctx = await newTenant(sys);
  await ctx.transaction(async (tx) => {
    for (const provider of PROVIDERS) {
      await tx.insert(channel).values({
        tenantId: ctx.tenantId,
        id: newId("channel"),
        provider,
        name: `${provider} of the shop`,
        environment: "simulator",
        status: "enabled",
        isDefault: true,
        appId: "2021000000000001",
        sellerId: "2088000000000001",
        baseUrl: "http://127.0.0.1:1",
        keyMode: provider === "alipay" ? "public_key" : "wechat",
        createdBy: cliActor.id,
        createdAt: ctx.now(),
        updatedBy: cliActor.id,
        updatedAt: ctx.now(),
      });
    }
  });
  return ctx;
}

type Sale = { amountFen: bigint; orderNo?: string; subject?: string };

/** A payment that waits for its buyer. */
export async function order(
  ctx: Ctx,
  { amountFen, orderNo = `SO${randomBase32(12)}`, subject = "产线改造 第二期尾款" }: Sale,
): Promise<Payment> {
  const created = await createPayment(ctx, { orderNo, subject, amountFen: fen(amountFen), expiresAt: after(ctx.now(), hours(48)) });
  return created.payment;
}

/** The buyer pays it by one method: the provider's answer is applied as a query would, with what was received. */
export async function settle(
  ctx: Ctx,
  paymentId: Id<"payment">,
  method: Method = methodsOf("alipay")[2] ?? "alipay_qr",
  receivedFen?: bigint,
  providerTradeNo: string = randomBase32(28),
) {
  const { attempt } = await prepareAttempt(ctx, { paymentId, method });
  return ctx.transaction(async (tx) => {
    const locked = await lockAttempt(tx, ctx, { id: attempt.id });
    if (!locked) throw new Error("the attempt was just made");
    await applyTrade(
      tx,
      ctx,
      locked,
      {
        state: "paid",
        providerState: methodProvider(method) === "alipay" ? "TRADE_SUCCESS" : "SUCCESS",
        outTradeNo: attempt.outTradeNo,
        providerTradeNo,
        amount: fen(receivedFen ?? attempt.amountFen),
        receipt: null,
        refunded: null,
        appId: attempt.appId,
        sellerId: attempt.sellerId,
        currency: "CNY",
        buyerId: null,
        buyerAccount: null,
        paidAt: ctx.now(),
      },
      { source: "query", notificationId: null },
    );
    return attempt;
  });
}

/** Nobody pays it. */
export const abandon = (ctx: Ctx, paymentId: Id<"payment">): Promise<Payment> => cancelPayment(ctx, paymentId, "买家不要了");

/** So many closed orders of one attempt each, written at once, and known to the planner. */
export async function closeMany(ctx: Ctx, database: TestDatabase, count: number): Promise<void> {
  await ctx.transaction(async (tx) => {
    const number = (prefix: string) => sql`${prefix} || lpad(n::text, 26, '0')`;
    await tx.execute(sql`
      insert into app.payment (tenant_id, id, order_no, subject, amount_fen, status, expires_at, closed_at, method, environment, attempts, created_by, created_at, updated_at)
      select ${ctx.tenantId}, ${number("pay_")}, 'SO' || n, 'x', 100, 'closed', now(), now(), 'alipay_qr', 'simulator', 1, 'test', now(), now()
        from generate_series(1, ${count}::int) n`);
    await tx.execute(sql`
      insert into app.transaction (tenant_id, id, payment_id, payment_created_at, channel_id, provider, method, out_trade_no, app_id, seller_id, amount_fen, status, created_by, created_at, updated_at)
      select ${ctx.tenantId}, ${number("txn_")}, ${number("pay_")}, now(), c.id, 'alipay', 'alipay_qr', ${number("txn_")}, 'a', 's', 100, 'closed', 'test', now(), now()
        from generate_series(1, ${count}::int) n, app.channel c where c.tenant_id = ${ctx.tenantId} and c.provider = 'alipay'`);
  });
  const owner = postgres(database.ownerUrl, { max: 1, onnotice: () => {} });
  await owner`analyze app.payment, app.transaction`;
  await owner.end();
}
