import { ChevronLeft, Clock } from "lucide-react";
import { useState } from "react";
import { fenFromTyped } from "~/components/ui/money-text";
import { countdownText, timeText } from "~/components/ui/time-text";
import { fenFromText, yuanDisplay } from "~/lib/money";
import { days, minutes } from "~/lib/time";
import { isDeclinedAmount, isTimeoutAmount } from "../../amounts";
import type { SeenTrade } from "../../control/types";
import { Button } from "../parts/controls";
import { Code, Money } from "../parts/show";
import { Refusal } from "../parts/states";
import { useWords } from "../preferences";
import { useNow } from "../use-live";
import { spanText } from "../words/span";
import type { Phone } from "./use-phone";

const HURRY_MS = minutes(2);
const DAY_MS = days(1);

/** The page on which the buyer decides. */
export function Cashier({ phone, trade }: { phone: Phone; trade: SeenTrade }) {
  const words = useWords();
  const now = useNow();
  const [coupon, setCoupon] = useState<string | null>(null);
  const amount = fenFromText(trade.amountFen);
  const off = coupon === null || coupon === "" ? 0n : fenFromTyped(coupon);
  const badCoupon = off === null || off >= amount;
  const due = badCoupon ? amount : amount - off;
  const leftMs = Date.parse(trade.expiresAt) - now.getTime();
  const { run, busy, failure } = phone.act;
  return (
    <div className={`cashier ${trade.provider}`}>
      <ScreenHead title={words.phone.cashier[trade.provider]} onBack={phone.leave} />
      <div className="bill">
        <p className="to">
          {words.phone.payTo} <b>{trade.payee}</b>
        </p>
        <p className="amount">
          <Money fen={trade.amountFen} yen />
        </p>
        <p className="subject">{trade.subject}</p>
        <p className={leftMs < HURRY_MS ? "until hurry" : "until"}>
          <Clock aria-hidden />
          {words.phone.left} <b>{leftMs < DAY_MS ? countdownText(leftMs) : spanText(words, leftMs)}</b>
          <span>{words.phone.until(timeText(new Date(trade.expiresAt), leftMs < DAY_MS ? "clock" : "minute", now))}</span>
        </p>
      </div>
      <dl className="lines">
        <div>
          <dt>{words.phone.orderNo}</dt>
          <dd>
            <Code text={trade.outTradeNo} />
          </dd>
        </div>
        <div>
          <dt>{words.phone.method}</dt>
          <dd>{words.phone.product[trade.product] ?? trade.product}</dd>
        </div>
        <CouponLine coupon={coupon} onChange={setCoupon} bad={badCoupon} />
        {coupon !== null && !badCoupon && off > 0n && (
          <div>
            <dt>{words.phone.actual}</dt>
            <dd>
              <Money fen={due.toString()} yen />
            </dd>
          </div>
        )}
      </dl>
      {(isDeclinedAmount(amount) || isTimeoutAmount(amount)) && (
        <p className="forecast">{isDeclinedAmount(amount) ? words.phone.willDecline : words.phone.willTimeOut}</p>
      )}
      <div className="decide">
        <Refusal failure={failure} />
        <Button
          look="pay"
          size="touch"
          busy={busy}
          busyLabel={words.phone.paying}
          reason={badCoupon && words.phone.couponBad}
          onClick={() => run({ outcome: "pay", ...(off && off > 0n ? { coupon: off.toString() } : {}) })}
        >
          {words.phone.pay(`¥${yuanDisplay(due as typeof amount)}`)}
        </Button>
        <fieldset aria-label={words.phone.others}>
          <Button size="touch" onClick={() => run({ outcome: "cancel" })}>
            {words.phone.abandon}
          </Button>
          <Button size="touch" onClick={() => run({ outcome: "expire" })}>
            {words.phone.expire}
          </Button>
          <Button size="touch" onClick={() => run({ outcome: "decline" })}>
            {words.phone.decline}
          </Button>
        </fieldset>
      </div>
    </div>
  );
}

export function ScreenHead({ title, onBack }: { title: string; onBack: () => void }) {
  const words = useWords();
  return (
    <header className="screen-head">
      <Button look="ghost" className="square" aria-label={words.phone.back} icon={<ChevronLeft />} onClick={onBack} />
      <h2>{title}</h2>
    </header>
  );
}

type CouponLineProps = { coupon: string | null; onChange: (coupon: string | null) => void; bad: boolean };

function CouponLine({ coupon, onChange, bad }: CouponLineProps) {
  const words = useWords();
  if (coupon === null) {
    return (
      <div>
        <dt>{words.phone.couponAmount}</dt>
        <dd>
          <button type="button" className="link" onClick={() => onChange("")}>
            {words.phone.coupon}
          </button>
        </dd>
      </div>
    );
  }
  return (
    <div className="coupon">
      <dt>
        <label htmlFor="coupon">{words.phone.couponAmount}</label>
      </dt>
      <dd>
        <span className="money-field">
          <span aria-hidden className="yen">
            ¥
          </span>
          <input
            id="coupon"
            inputMode="decimal"
            autoComplete="off"
            // The person has just asked for this field.
            // biome-ignore lint/a11y/noAutofocus: see above
            autoFocus
            value={coupon}
            aria-invalid={bad}
            aria-describedby="coupon-hint"
            onChange={(event) => onChange(event.target.value)}
          />
        </span>
        <button type="button" className="link" onClick={() => onChange(null)}>
          {words.phone.couponDrop}
        </button>
        <span id="coupon-hint" className={bad ? "hint bad" : "hint"}>
          {bad ? words.phone.couponBad : words.phone.couponHint}
        </span>
      </dd>
    </div>
  );
}
