import { ScanLine } from "lucide-react";
import { useState } from "react";
import { countdownText } from "~/components/ui/time-text";
import { days, minutes } from "~/lib/time";
import type { TradeView } from "../../control/types";
import { Button } from "../parts/controls";
import { Chip, Money, type Tone } from "../parts/show";
import { Refusal } from "../parts/states";
import { useWords } from "../preferences";
import { useKnown, useNow } from "../use-live";
import { spanText } from "../words/span";
import { keyOf, type Stage, stageOf, tradesOf } from "./trade";
import type { Phone } from "./use-phone";

const RECENT_MAX = 12;
const TONES: Record<Stage, Tone> = { open: "wait", paid: "ok", refunded: "neutral", closed: "off", expired: "off" };
const HURRY_MS = minutes(2);
/** Beyond a day a countdown says less than the date. */
const DAY_MS = days(1);

/** The scanner, and below it what there is to pay: on a screen one taps instead of pointing a camera. */
export function Orders({ phone }: { phone: Phone }) {
  const words = useWords();
  const { state } = useKnown();
  const now = useNow();
  const { open, recent } = tradesOf(state, phone.provider, now);
  return (
    <>
      <Scanner phone={phone} />
      <Refusal failure={phone.open.failure} />
      <h2>
        {words.phone.open}
        {open.length > 0 && <span className="count">{open.length}</span>}
      </h2>
      {open.length === 0 ? (
        <p className="phone-empty">
          <b>{words.phone.noneOpen}</b>
          {words.phone.noneOpenNext(words.provider[phone.provider])}
        </p>
      ) : (
        <ul className="orders">
          {open.map((trade) => (
            <Order key={keyOf(trade)} trade={trade} now={now} onOpen={phone.open.run} />
          ))}
        </ul>
      )}
      {recent.length > 0 && (
        <>
          <h2>{words.phone.recent}</h2>
          <ul className="orders">
            {recent.slice(0, RECENT_MAX).map((trade) => (
              <Order key={keyOf(trade)} trade={trade} now={now} onOpen={phone.open.run} />
            ))}
          </ul>
        </>
      )}
    </>
  );
}

function Scanner({ phone }: { phone: Phone }) {
  const words = useWords();
  const [touched, setTouched] = useState(false);
  const empty = phone.typed.trim() === "";
  return (
    <form
      className="scanner"
      onSubmit={(event) => {
        event.preventDefault();
        setTouched(true);
        if (!empty) phone.scan.run(phone.typed);
      }}
    >
      <div className="scan-field">
        <ScanLine aria-hidden />
        <input
          aria-label={words.phone.scanLabel}
          placeholder={words.phone.scanHint}
          value={phone.typed}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => phone.setTyped(event.target.value)}
        />
        <Button type="submit" size="sm" busy={phone.scan.busy} reason={touched && empty && words.phone.scanHint}>
          {words.phone.scan}
        </Button>
      </div>
      <Refusal failure={phone.scan.failure} />
    </form>
  );
}

function Order({ trade, now, onOpen }: { trade: TradeView; now: Date; onOpen: (trade: TradeView) => void }) {
  const words = useWords();
  const stage = stageOf(trade, now);
  const leftMs = Date.parse(trade.expiresAt) - now.getTime();
  return (
    <li>
      <button type="button" onClick={() => onOpen(trade)}>
        <span className="payee">{trade.payee}</span>
        <Money fen={trade.amountFen} />
        <span className="meta">
          {words.phone.product[trade.product] ?? trade.product} · {trade.subject}
        </span>
        {stage === "open" ? (
          <span className={leftMs < HURRY_MS ? "left hurry" : "left"}>
            {leftMs < DAY_MS ? countdownText(leftMs) : spanText(words, leftMs)}
          </span>
        ) : (
          <Chip tone={TONES[stage]}>{words.phone.state[stage]}</Chip>
        )}
      </button>
    </li>
  );
}
