import { Check, Copy } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { cutMiddle } from "~/components/ui/id-text";
import { type TimeKind, timeText, timeTip } from "~/components/ui/time-text";
import type { Provider } from "~/domain/provider";
import { fenFromText, yuanDisplay } from "~/lib/money";
import { useWords } from "../preferences";
import { useLive } from "../use-live";

export type Tone = "ok" | "busy" | "wait" | "bad" | "neutral" | "off";

export const Chip = ({ tone = "neutral", tip, children }: { tone?: Tone; tip?: string; children: ReactNode }) => (
  <span className={`chip ${tone}`} data-tip={tip}>
    {children}
  </span>
);

/** An amount of decimal fen as text: the yuan carry the ink, what follows the point steps back. */
export function Money({ fen, yen }: { fen: string; yen?: boolean }) {
  const [whole, cents] = yuanDisplay(fenFromText(fen)).split(".");
  return (
    <span className="money" data-zero={/^0*$/.test(fen) || undefined}>
      {yen && <b>¥</b>}
      {whole}
      <i>.{cents}</i>
    </span>
  );
}

/** A lettered square, never a logo; the name stands beside it in words. */
export const ProviderMark = ({ provider }: { provider: Provider }) => (
  <span aria-hidden className={`provider-mark ${provider}`}>
    {provider === "alipay" ? "支" : "微"}
  </span>
);

/** An instant of the test clock, in Beijing. */
export function When({ at, kind = "list" }: { at: string; kind?: TimeKind }) {
  const { state } = useLive();
  const instant = new Date(at);
  return (
    <time dateTime={at} data-tip={timeTip(instant)}>
      {timeText(instant, kind, new Date(state?.clock.now ?? at))}
    </time>
  );
}

/** A number or name in mono, cut in the middle; the whole of it in the tooltip. */
export function Code({ text, whole }: { text: string; whole?: boolean }) {
  const shown = whole ? text : cutMiddle(text);
  return (
    <span className="mono" data-tip={shown === text ? undefined : text}>
      {shown}
    </span>
  );
}

const TICK_MS = 1_200;

export function CopyButton({ text, thing }: { text: string; thing: string }) {
  const words = useWords();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), TICK_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const label = copied ? words.copied : words.copy(thing);
  return (
    <>
      <button
        type="button"
        className="button ghost sm square"
        aria-label={label}
        data-tip={label}
        onClick={async () => {
          await navigator.clipboard.writeText(text);
          setCopied(true);
        }}
      >
        {copied ? <Check className="good" /> : <Copy />}
      </button>
      <span role="status" className="sr-only">
        {copied && words.copied}
      </span>
    </>
  );
}
