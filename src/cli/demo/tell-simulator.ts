import { and, eq, isNotNull } from "drizzle-orm";
import type { Provider } from "~/domain/provider";
import { addDays, beijingDate, type CivilDate } from "~/lib/time";
import type { Ctx } from "~/server/context";
import { channel, payment, paymentTransaction } from "~/server/db/schema";
import { askSimulator } from "./ask-simulator";

/** Trades in one call: far below what the simulator reads at once. */
const BATCH = 200;

/**
 * Tells the simulator of the payments that the demonstration's past invented, so that the provider's statements hold them as well; and
 * has it write two days that do not agree with the books, as every desk has them.
 */
export async function tellSimulator(ctx: Ctx): Promise<void> {
  const rows = await ctx.read((tx) =>
    tx
      .select({
        provider: paymentTransaction.provider,
        appId: paymentTransaction.appId,
        sellerId: paymentTransaction.sellerId,
        outTradeNo: paymentTransaction.outTradeNo,
        tradeNo: paymentTransaction.providerTradeNo,
        receivedFen: paymentTransaction.receivedFen,
        paidAt: paymentTransaction.paidAt,
        subject: payment.subject,
      })
      .from(paymentTransaction)
      .innerJoin(payment, and(eq(payment.tenantId, paymentTransaction.tenantId), eq(payment.id, paymentTransaction.paymentId)))
      .innerJoin(channel, and(eq(channel.tenantId, paymentTransaction.tenantId), eq(channel.id, paymentTransaction.channelId)))
      .where(
        and(
          eq(paymentTransaction.tenantId, ctx.tenantId),
          eq(paymentTransaction.status, "succeeded"),
          eq(channel.environment, "simulator"),
          isNotNull(paymentTransaction.paidAt),
        ),
      )
      .orderBy(paymentTransaction.paidAt, paymentTransaction.id),
  );
  const trades = rows.map(({ provider, appId, sellerId, outTradeNo, tradeNo, receivedFen, paidAt, subject }) => ({
    provider,
    account: provider === "alipay" ? appId : sellerId,
    outTradeNo,
    tradeNo,
    amountFen: receivedFen?.toString(),
    paidAt: paidAt?.toISOString(),
    subject,
    buyer: provider === "alipay" ? "2088000000000000" : "oDemoDemoDemoDemoDemoDemoDem",
  }));
  const { simulatorUrl } = ctx.sys.config;
  for (let from = 0; from < trades.length; from += BATCH) {
    await askSimulator(simulatorUrl, "history", { trades: trades.slice(from, from + BATCH) });
  }
  await plantDifferences(ctx, rows);
}

type Told = { provider: Provider; sellerId: string; outTradeNo: string; paidAt: Date | null };

/** Two days of which the statement tells something else: one record lacks and a stranger's is too many, and a fee is far off. */
async function plantDifferences(ctx: Ctx, rows: readonly Told[]): Promise<void> {
  const paidOn = (provider: Provider, day: CivilDate) =>
    rows.filter((row) => row.provider === provider && row.paidAt !== null && beijingDate(row.paidAt) === day);
  const plant = (provider: Provider, daysAgo: number, changesOf: (row: Told, day: CivilDate) => object[]) => {
    const day = addDays(beijingDate(ctx.now()), -daysAgo);
    const rowsOfDay = paidOn(provider, day);
    // Far from midnight: what is paid close to it could stand in the other day's statement.
    const row = rowsOfDay[Math.floor(rowsOfDay.length / 2)];
    const body = row && { provider, account: row.sellerId, day, changes: changesOf(row, day) };
    return body ? askSimulator(ctx.sys.config.simulatorUrl, "statements", body) : null;
  };
  await plant("alipay", 2, ({ outTradeNo }, day) => [
    { kind: "missing", outTradeNo },
    { kind: "extra", outTradeNo: `POS${day.replaceAll("-", "")}0031`, amount: "268.00" },
  ]);
  await plant("wechat", 3, ({ outTradeNo }) => [{ kind: "fee", outTradeNo, fee: "99.99" }]);
}
