import { Ban, Check, ExternalLink, TimerOff, Undo2, X } from "lucide-react";
import type { ReactNode } from "react";
import type { DeliveryView, SeenTrade, StateView } from "../../control/types";
import { Button } from "../parts/controls";
import { Code, Money, When } from "../parts/show";
import { Refusal } from "../parts/states";
import { useWords } from "../preferences";
import { useKnown } from "../use-live";
import { ScreenHead } from "./cashier";
import type { Ending } from "./trade";
import type { Phone } from "./use-phone";

const HALF = <i className="half" />;
const SIGNS: Record<Ending, readonly [tone: string, sign: ReactNode]> = {
  paid: ["ok", <Check key="sign" />],
  refunded: ["neutral", <Undo2 key="sign" />],
  unknown: ["risk", HALF],
  cancelled: ["neutral", <Ban key="sign" />],
  declined: ["bad", <X key="sign" />],
  expired: ["neutral", <TimerOff key="sign" />],
  closed: ["neutral", <X key="sign" />],
};

/** What the phone shows at the end, with the way back to the shop and what became of the news. */
export function End({ phone, trade, ending }: { phone: Phone; trade: SeenTrade; ending: Ending }) {
  const words = useWords();
  const [tone, sign] = SIGNS[ending];
  const [title, note] = words.phone.ending[ending] ?? [ending, ""];
  const isPaid = trade.paidAt !== null && ending !== "unknown";
  const isOver = ending === "closed" || ending === "expired";
  const mayRetry = ending === "cancelled" || ending === "declined";
  const { run, busy, failure } = phone.act;
  return (
    <div className={`cashier ${trade.provider}`}>
      <ScreenHead title={words.phone.cashier[trade.provider]} onBack={phone.leave} />
      <div className="ending" role="status">
        <span className={`sign ${tone}`} aria-hidden>
          {sign}
        </span>
        <p>
          <b className="ending-title">{title}</b>
          <span className="ending-note">{note}</span>
        </p>
      </div>
      <p className="amount small">
        <Money fen={isPaid && trade.payerFen ? trade.payerFen : trade.amountFen} yen />
      </p>
      <EndLines trade={trade} isPaid={isPaid} />
      <div className="decide">
        <Refusal failure={failure} />
        {trade.backUrl && (
          <a className="button primary touch" href={trade.backUrl} target="_blank" rel="noreferrer">
            {words.phone.toShop}
            <ExternalLink aria-label={words.phone.newTab} />
          </a>
        )}
        {mayRetry && (
          <Button size="touch" look={trade.backUrl ? "default" : "primary"} onClick={phone.retry}>
            {words.phone.again}
          </Button>
        )}
        <Button size="touch" look={trade.backUrl || mayRetry ? "default" : "primary"} onClick={phone.leave}>
          {words.phone.done}
        </Button>
        {isOver && (
          <div className="late">
            <Button
              size="touch"
              look="ghost"
              busy={busy}
              busyLabel={words.phone.paying}
              onClick={() => run({ outcome: "pay", force: true })}
            >
              {words.phone.late}
            </Button>
            <p>{words.phone.lateHint}</p>
          </div>
        )}
      </div>
    </div>
  );
}

function EndLines({ trade, isPaid }: { trade: SeenTrade; isPaid: boolean }) {
  const words = useWords();
  const discount = trade.payerFen === null ? 0n : BigInt(trade.amountFen) - BigInt(trade.payerFen);
  return (
    <dl className="lines">
      <Line label={words.phone.payTo}>{trade.payee}</Line>
      <Line label={words.phone.subject}>{trade.subject}</Line>
      <Line label={words.phone.orderNo}>
        <Code text={trade.outTradeNo} />
      </Line>
      {isPaid && discount > 0n && (
        <Line label={words.phone.couponAmount}>
          <Money fen={discount.toString()} yen />
        </Line>
      )}
      {trade.refundedFen !== "0" && (
        <Line label={words.phone.refunded}>
          <Money fen={trade.refundedFen} yen />
        </Line>
      )}
      {isPaid && trade.tradeNo && (
        <Line label={words.phone.tradeNo}>
          <Code text={trade.tradeNo} />
        </Line>
      )}
      {isPaid && trade.paidAt && (
        <Line label={words.phone.paidAt}>
          <When at={trade.paidAt} />
        </Line>
      )}
      {trade.paidAt && (
        <Line label={words.phone.news.label}>
          <News trade={trade} />
        </Line>
      )}
    </dl>
  );
}

const Line = ({ label, children }: { label: string; children: ReactNode }) => (
  <div>
    <dt>{label}</dt>
    <dd>{children}</dd>
  </div>
);

/** What became of the news of this payment: the newest delivery about it. */
function newsOf(state: StateView, trade: SeenTrade): DeliveryView | undefined {
  return state.deliveries.find(
    ({ provider, account, outTradeNo }) => provider === trade.provider && account === trade.account && outTradeNo === trade.outTradeNo,
  );
}

function News({ trade }: { trade: SeenTrade }) {
  const { news } = useWords().phone;
  const { state } = useKnown();
  const delivery = newsOf(state, trade);
  if (!trade.notifyUrl) return news.none;
  if (delivery?.state === "delivered") return news.delivered;
  if (delivery?.state === "given_up") return news.givenUp;
  const last = delivery?.attempts.at(-1);
  return last ? news.refused(last.verdict) : news.sending;
}
