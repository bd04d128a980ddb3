import { ChevronRight } from "lucide-react";
import { memo, useState } from "react";
import type { JournalEntry } from "../../control/types";
import { Segment, Tabs } from "../parts/controls";
import { Chip, Code, CopyButton, ProviderMark, When } from "../parts/show";
import { usePreferences, useWords } from "../preferences";
import { useKnown } from "../use-live";
import type { Words } from "../words/zh";
import { isTrouble } from "./journal-filter";
import { brokenIntoLines } from "./journal-text";

type RowProps = { entry: JournalEntry; open: boolean; onToggle: (seq: number) => void };

export const JournalRow = memo(function JournalRow({ entry, open, onToggle }: RowProps) {
  const words = useWords();
  const what = entry.kind === "buyer" ? (words.journal.act[entry.what] ?? entry.what) : entry.what;
  return (
    <>
      <tr className="opens" data-open={open || undefined}>
        <td className="c-time">
          <span className="cell">
            <button type="button" aria-expanded={open} aria-label={words.journal.open(what)} onClick={() => onToggle(entry.seq)}>
              <ChevronRight aria-hidden />
            </button>
            <When at={entry.at} kind="clock" />
          </span>
        </td>
        <td className="c-who">
          <span className="cell">
            {entry.provider && <ProviderMark provider={entry.provider} />}
            {words.journal.whoIs[entry.kind](entry.provider ? words.providerTab[entry.provider] : "")}
          </span>
        </td>
        <td className={entry.kind === "buyer" ? "clip" : "clip mono"} data-tip={what.length > 28 ? what : undefined}>
          {what}
        </td>
        <td className="c-order wide">{entry.outTradeNo ? <Code text={entry.outTradeNo} /> : words.none}</td>
        <td className="c-verdict">
          <Verdict entry={entry} />
        </td>
        <td className="c-took wide num">{entry.ms}</td>
      </tr>
      {open && (
        <tr className="opened">
          <td className="under" colSpan={6}>
            <Detail entry={entry} />
          </td>
        </tr>
      )}
    </>
  );
});

/** What came of it in words, and the provider's own code where it is not in order. */
function verdictText(words: Words, verdict: string): string {
  const status = /^refused:(.+)$/.exec(verdict)?.[1];
  if (status) return words.journal.refusedWith(status);
  return words.journal.outcome[verdict] ?? words.refusal[verdict] ?? verdict;
}

function Verdict({ entry }: { entry: JournalEntry }) {
  const words = useWords();
  const text = verdictText(words, entry.verdict);
  return (
    <span className="verdict">
      {entry.fault && (
        <Chip tone="wait" tip={`${words.journal.struck}: ${entry.fault}`}>
          {entry.fault}
        </Chip>
      )}
      {entry.verdict !== `fault:${entry.fault}` &&
        (isTrouble(entry) ? (
          <Chip tone="bad" tip={entry.verdict}>
            {text}
          </Chip>
        ) : (
          <span className="quiet">{text}</span>
        ))}
    </span>
  );
}

type Part = "request" | "response" | "signed";

function Detail({ entry }: { entry: JournalEntry }) {
  const words = useWords();
  const { faults } = useKnown();
  const { lang } = usePreferences();
  const [part, setPart] = useState<Part>("request");
  const [view, setView] = useState<"lines" | "raw">("lines");
  const texts: Record<Part, string> = { request: entry.request, response: entry.response, signed: entry.signedText ?? "" };
  const labels: Record<Part, string> =
    entry.kind === "message"
      ? { request: words.journal.sent, response: words.journal.received, signed: words.journal.signed }
      : { request: words.journal.request, response: words.journal.response, signed: words.journal.signed };
  const parts = (Object.keys(texts) as Part[]).filter((name) => texts[name] !== "");
  const chosen = parts.includes(part) ? part : parts[0];
  const fault = faults.kinds.find(({ kind }) => kind === entry.fault?.split(" ")[0]);
  const facts: readonly (readonly [string, string | null])[] = [
    [words.journal.account, entry.account],
    [words.journal.orderNo, entry.outTradeNo],
    [words.journal.http, entry.httpStatus === null ? null : String(entry.httpStatus)],
    [words.journal.verdict, entry.verdict],
    [words.journal.took, `${entry.ms} ms`],
    [words.journal.sequence, String(entry.seq)],
  ];
  return (
    <div className="detail">
      <dl className="facts">
        {facts.map(
          ([name, value]) =>
            value !== null && (
              <div key={name}>
                <dt>{name}</dt>
                <dd className="mono">{value}</dd>
              </div>
            ),
        )}
        {entry.fault && (
          <div>
            <dt>{words.journal.struck}</dt>
            <dd>{fault ? fault[lang] : entry.fault}</dd>
          </div>
        )}
        {entry.warnings.length > 0 && (
          <div>
            <dt>{words.journal.warnings}</dt>
            <dd>{entry.warnings.join(lang === "zh" ? "、" : ", ")}</dd>
          </div>
        )}
      </dl>
      {chosen && (
        <>
          <div className="viewer-head">
            <Tabs
              label={words.journal.what}
              panelId={`viewer-${entry.seq}`}
              value={chosen}
              onChange={setPart}
              tabs={parts.map((name) => ({ key: name, label: labels[name] }))}
            />
            <Segment
              label={words.journal.viewAs}
              value={view}
              onChange={setView}
              choices={[
                { key: "lines", label: words.journal.lines },
                { key: "raw", label: words.journal.raw },
              ]}
            />
            <CopyButton text={texts[chosen]} thing={labels[chosen]} />
          </div>
          <Viewer
            id={`viewer-${entry.seq}`}
            label={labels[chosen]}
            text={view === "lines" ? brokenIntoLines(texts[chosen]) : texts[chosen]}
          />
        </>
      )}
    </div>
  );
}

const Viewer = ({ id, label, text }: { id: string; label: string; text: string }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region is reached by keyboard
  <ol className="viewer" id={id} aria-label={label} tabIndex={0}>
    {text.split("\n").map((line, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: a recorded message never changes
      <li key={index}>{line}</li>
    ))}
  </ol>
);
