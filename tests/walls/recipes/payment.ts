import type { Ids } from "../world";
import type { Recipes } from "./recipe";

const found = ({ orderNo, transaction, outTradeNo, payment }: Ids) => [orderNo, transaction, outTradeNo, payment].map((q) => ({ q }));
const byId = { refers: ({ payment }) => [{ paymentId: payment }] } satisfies Recipes[string];
const nobodysToken = ({ checkoutToken }: Ids) => ({ token: `${checkoutToken.slice(0, -1)}${checkoutToken.endsWith("0") ? "1" : "0"}` });

export const paymentRecipes: Recipes = {
  "payment.list": { filters: (theirs) => [{ limit: 100 }, ...found(theirs)] },
  "payment.counts": { filters: found },
  "payment.sum": { filters: found },
  "payment.get": byId,
  "payment.create": { refers: ({ channel }) => [{ orderNo: "mine-1", subject: "书", amountFen: 100n, channelId: channel }] },
  "payment.start": {
    refers: (theirs, mine) => [
      { paymentId: theirs.payment, method: "alipay_pc" },
      { paymentId: theirs.payment, method: "alipay_pc", channelId: mine.channel },
      { paymentId: mine.payment, method: "alipay_pc", channelId: theirs.channel },
    ],
  },
  "payment.query": { refers: ({ transaction }) => [{ transactionId: transaction }] },
  "payment.cancel": { refers: ({ payment }) => [{ paymentId: payment, reason: "不要了" }] },
  // A checkout's token is its holder's right; one letter beside it is nobody's.
  "public.checkout.get": { refers: (theirs) => [nobodysToken(theirs)] },
  "public.checkout.start": { refers: (theirs) => [{ ...nobodysToken(theirs), method: "alipay_pc" }] },
  "public.checkout.check": { refers: (theirs) => [nobodysToken(theirs)] },
  "public.checkout.live": { refers: (theirs) => [nobodysToken(theirs)] },
};
