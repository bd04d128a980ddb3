import { randomInt } from "node:crypto";
import type { Method } from "~/domain/provider";
import { methodProvider } from "~/domain/provider";
import { type Fen, fen } from "~/lib/money";
import { addDays, after, beijingDate, beijingText, days, minutes, seconds, startOfBeijingDate } from "~/lib/time";
import { type Ctx, inTenant } from "~/server/context";
import type { TradeView } from "~/server/providers/port";
import { rollUp } from "~/server/services/dashboard";
import {
  applyTrade,
  createPayment,
  expirePayment,
  lockAttempt,
  type Payment,
  prepareAttempt,
  startAttempt,
  type Transaction,
} from "~/server/services/payment";
import { cliActor } from "../command";

/** A week of a machine builder's sales desk: how a busy tenant looks, from its own services and with sound books. */

const GOODS: readonly (readonly [string, number])[] = [
  ["视觉检测模组 QV-3 定金", 1_280_000],
  ["备件 伺服驱动器 ×2", 646_000],
  ["年度校准服务 2027", 1_860_000],
  ["工业相机镜头 25 mm", 138_000],
  ["现场调试 8 工时", 480_000],
  ["气缸密封件 套装", 26_800],
  ["PLC 扩展模块 DI16", 219_000],
  ["培训席位 3 人", 540_000],
  ["输送线滚筒 Φ50", 372_650],
  ["急停按钮 ×40", 116_000],
  ["备件 编码器 2500 线", 89_000],
  ["现场调试 4 工时", 240_000],
  ["工业交换机 8 口", 153_600],
  ["防爆接线盒 ×6", 74_880],
  ["机械手夹爪 G2", 328_000],
];
/** Weights as a desk with counter and web shop has them. */
const METHODS: readonly Method[] = [
  ...Array<Method>(5).fill("alipay_qr"),
  ...Array<Method>(3).fill("wechat_native"),
  "alipay_pc",
  "wechat_h5",
];
/** Payments begun in each Beijing hour: a counter by day, a web shop around the clock. */
const BY_HOUR = [1, 1, 0, 0, 1, 1, 2, 2, 3, 4, 5, 3, 2, 2, 4, 4, 3, 2, 2, 1, 1, 1, 1, 1] as const;
const DAYS_BACK = 7;
const SETTLE_TOGETHER = 6;

/** Writes the days before now, then a few open payments at the simulator itself. Answers how many payments there are. */
export async function writeHistory(ctx: Ctx): Promise<number> {
  const now = ctx.now();
  const today = beijingDate(now);
  const moments: Date[] = [];
  for (let back = DAYS_BACK; back >= 0; back -= 1) {
    const start = startOfBeijingDate(addDays(today, -back));
    const share = back % 7 >= 5 ? 2 : 1;
    BY_HOUR.forEach((count, hour) => {
      for (let one = 0; one < Math.ceil(count / share); one += 1) {
        moments.push(after(start, hour * 3_600_000 + randomInt(3_600_000)));
      }
    });
  }
  const past = moments.filter((moment) => moment < after(now, -minutes(2))).sort((a, b) => a.getTime() - b.getTime());
  for (let index = 0; index < past.length; index += SETTLE_TOGETHER) {
    await Promise.all(past.slice(index, index + SETTLE_TOGETHER).map((moment, offset) => live(ctx, moment, index + offset)));
  }
  await writeTroubles(ctx, now);
  const open = await writeOpen(ctx);
  await rollUp(ctx);
  return past.length + open + 2;
}

/** The same tenant at another moment: services take their time from the context. */
const at = (ctx: Ctx, moment: Date): Ctx => inTenant({ ...ctx.sys, now: () => moment }, ctx.tenantId, cliActor);

const pick = <T>(list: readonly T[]): T => list[randomInt(list.length)] as T;

async function order(ctx: Ctx, moment: Date, goods = pick(GOODS), lifetimeMs = minutes(30)): Promise<Payment> {
  const [subject, amount] = goods;
  const stamp = beijingText(moment).replace(/\D/g, "");
  const { payment } = await createPayment(at(ctx, moment), {
    orderNo: `SO${stamp}${randomInt(10, 99)}`,
    subject,
    amountFen: fen(BigInt(amount)),
    expiresAt: after(moment, lifetimeMs),
  });
  return payment;
}

/** One order's life: most are paid within minutes, some with a second method, a few run out. */
async function live(ctx: Ctx, moment: Date, index: number): Promise<void> {
  const owed = await order(ctx, moment);
  const fate = index % 12;
  if (fate === 11) {
    const { attempt: made } = await attempt(ctx, after(moment, seconds(8)), owed, pick(METHODS));
    if (owed.expiresAt < ctx.now()) await giveUp(ctx, after(owed.expiresAt, seconds(20)), owed, made.id);
    return;
  }
  if (fate === 5) await attempt(ctx, after(moment, seconds(9)), owed, "wechat_native");
  const method = fate === 5 ? "alipay_qr" : pick(METHODS);
  await pay(ctx, after(moment, seconds(20 + randomInt(200))), owed, method);
}

async function attempt(ctx: Ctx, moment: Date, owed: Payment, method: Method) {
  const then = at(ctx, moment);
  return prepareAttempt(then, { paymentId: owed.id, method });
}

async function pay(ctx: Ctx, moment: Date, owed: Payment, method: Method): Promise<void> {
  const { attempt: made } = await attempt(ctx, after(moment, -seconds(12)), owed, method);
  await receive(ctx, moment, made.id, owed.amountFen);
}

type AttemptId = Awaited<ReturnType<typeof attempt>>["attempt"]["id"];

/** What news says that names nobody and no money. */
const nobody: Omit<TradeView, "state" | "providerState" | "outTradeNo"> = {
  providerTradeNo: null,
  amount: null,
  receipt: null,
  refunded: null,
  appId: null,
  sellerId: null,
  currency: null,
  buyerId: null,
  buyerAccount: null,
  paidAt: null,
};

async function receive(ctx: Ctx, moment: Date, made: AttemptId, amount: Fen): Promise<void> {
  const day = beijingDate(moment).replaceAll("-", "");
  await news(at(ctx, moment), made, ({ method, outTradeNo }) => {
    const alipay = methodProvider(method) === "alipay";
    return {
      ...nobody,
      outTradeNo,
      state: "paid",
      providerState: alipay ? "TRADE_SUCCESS" : "SUCCESS",
      providerTradeNo: alipay ? `${day}2200149${digits(13)}` : `42000026${day}${digits(12)}`,
      amount,
      receipt: amount,
      currency: "CNY",
      buyerId: alipay ? `2088${digits(12)}` : `oHc${outTradeNo.slice(4, 28)}`,
      buyerAccount: alipay ? `1${digits(2)}****${digits(4)}` : null,
      paidAt: moment,
    };
  });
}

const digits = (count: number): string => Array.from({ length: count }, () => randomInt(10)).join("");

/** The provider's word for an attempt, as a query would have brought it. */
async function news(then: Ctx, made: AttemptId, say: (made: Transaction) => TradeView): Promise<void> {
  await then.transaction(async (tx) => {
    const locked = await lockAttempt(tx, then, { id: made });
    if (!locked) throw new Error("the attempt was made a moment ago");
    await applyTrade(tx, then, locked, say(locked.transaction), { source: "query", notificationId: null });
  });
}

/** Nobody paid: the provider says that the attempt is closed, and the payment runs out as the expiry job would end it. */
async function giveUp(ctx: Ctx, moment: Date, owed: Payment, made: AttemptId): Promise<void> {
  const then = at(ctx, moment);
  await news(then, made, ({ method, outTradeNo }) => ({
    ...nobody,
    outTradeNo,
    state: "closed",
    providerState: methodProvider(method) === "alipay" ? "TRADE_CLOSED" : "CLOSED",
  }));
  await expirePayment(then, owed.id);
}

/** Money that needs a person: paid twice two days ago, and paid after the order was closed this morning. */
async function writeTroubles(ctx: Ctx, now: Date): Promise<void> {
  const first = after(now, -days(2));
  const twice = await order(ctx, first, ["产线改造 第二期尾款", 1_260_000]);
  const wechat = await attempt(ctx, after(first, seconds(10)), twice, "wechat_native");
  await pay(ctx, after(first, seconds(95)), twice, "alipay_qr");
  await receive(ctx, after(first, seconds(130)), wechat.attempt.id, twice.amountFen);

  const second = after(now, -minutes(360));
  const closed = await order(ctx, second, ["视觉检测模组 QV-3", 880_000], minutes(5));
  const alipay = await attempt(ctx, after(second, seconds(10)), closed, "alipay_qr");
  await giveUp(ctx, after(second, minutes(6)), closed, alipay.attempt.id);
  await receive(ctx, after(second, minutes(9)), alipay.attempt.id, closed.amountFen);
}

/** Open payments with real codes at the simulator, to be paid on its phone. */
async function writeOpen(ctx: Ctx): Promise<number> {
  const wishes: readonly (readonly [string, number, Method | null])[] = [
    ["工业相机镜头 25 mm", 138_000, "alipay_qr"],
    ["备件 伺服驱动器 ×2", 646_000, "wechat_native"],
    ["培训席位 3 人", 540_000, null],
  ];
  for (const [subject, amount, method] of wishes) {
    const owed = await order(ctx, ctx.now(), [subject, amount], days(1));
    if (method) await startAttempt(ctx, { paymentId: owed.id, method });
  }
  return wishes.length;
}
