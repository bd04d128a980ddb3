import type { Provider } from "~/domain/provider";
import { type Fen, fen } from "~/lib/money";
import { after, beijingDate, type CivilDate, hours, startOfBeijingDate } from "~/lib/time";
import type { StatementChange } from "../control/types";

/** Whose statement it is: a PID with the trades of all its apps, or a mchid. */
export type Merchant = { provider: Provider; number: string };

/** One line of a statement before it is written. Amounts and fees are without a sign: each provider puts its own. */
export type StatementRow = {
  kind: "payment" | "refund";
  /** WeChat Pay's word for a payment that was taken back; only a planted difference makes one. */
  isRevoked: boolean;
  outTradeNo: string;
  tradeNo: string;
  /** `number` is the provider's, where it has one. The end counts as far as it was known when the statement was made. */
  refund: { requestNo: string; number: string; status: "SUCCESS" | "FAIL" | "PROCESSING"; endedAt: Date | null } | null;
  amount: Fen;
  coupon: Fen;
  fee: Fen;
  createdAt: Date;
  at: Date;
  subject: string;
  remark: string;
  buyer: string;
  /** WeChat Pay's alone. */
  tradeType: string;
  deviceId: string;
  /** The planted difference that made it what it is. */
  planted: StatementChange["kind"] | null;
};

export const FEE_RATE = "0.60%";

/** The provider's fee: 0.6 %, half a fen rounds up. */
export const feeOf = (amount: Fen): Fen => fen((amount * 6n + 500n) / 1_000n);

/** Both providers make a day's statement at nine the next morning; WeChat Pay promises it for ten. */
const MADE_AFTER_MS = hours(24 + 9);
const PROMISED_AFTER_MS: Record<Provider, number> = { alipay: MADE_AFTER_MS, wechat: hours(24 + 10) };

/** What happens after this moment is not in the day's statement. */
export const madeAt = (day: CivilDate): Date => after(startOfBeijingDate(day), MADE_AFTER_MS);
export const promisedAt = (provider: Provider, day: CivilDate): Date => after(startOfBeijingDate(day), PROMISED_AFTER_MS[provider]);

export const isOfDay = (at: Date | null, day: CivilDate): at is Date => at !== null && beijingDate(at) === day;
