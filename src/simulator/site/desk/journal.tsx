import { Pause, Play, Search } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button } from "../parts/controls";
import { Empty, Skeleton } from "../parts/states";
import { useWords } from "../preferences";
import { useLive } from "../use-live";
import { type Filter, filterJournal, KINDS, type Kind } from "./journal-filter";
import { JournalRow } from "./journal-row";

/** The calls of this very page are control entries, so they are left out until asked for. */
const FIRST: Filter = { text: "", kinds: ["request", "message", "buyer"], troubleOnly: false };
const SHOWN = 100;

/** Everything that was asked, answered and sent, as it happens. */
export function Journal() {
  const words = useWords();
  const { journal } = useLive();
  const [filter, setFilter] = useState(FIRST);
  const [paused, setPaused] = useState(false);
  const [pointed, setPointed] = useState(false);
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set());
  const [limit, setLimit] = useState(SHOWN);
  // Rows do not move under the pointer, nor while one is being read: what comes then is counted above the table.
  const holds = paused || pointed || opened.size > 0;
  const [heldAt, setHeldAt] = useState<number | null>(null);
  const newest = journal?.at(-1)?.seq ?? 0;
  if (holds && heldAt === null) setHeldAt(newest);
  if (!holds && heldAt !== null) setHeldAt(null);

  if (!journal) return <Skeleton />;
  const all = filterJournal(journal, filter, null);
  const upTo = holds ? (heldAt ?? newest) : null;
  const shown = filterJournal(journal, filter, upTo);
  const waiting = all.length - shown.length;
  const isFiltered = filter !== FIRST;
  const toggle = (seq: number) => {
    const next = new Set(opened);
    if (!next.delete(seq)) next.add(seq);
    setOpened(next);
  };
  return (
    <div className="journal">
      <JournalTools filter={filter} onFilter={setFilter} paused={paused} onPause={setPaused} />
      {waiting > 0 && (
        <button type="button" className="fresh" onClick={() => setHeldAt(newest)}>
          {words.journal.fresh(waiting)}
        </button>
      )}
      {shown.length === 0 ? (
        <Empty
          action={
            isFiltered && (
              <button type="button" className="link" onClick={() => setFilter(FIRST)}>
                {words.journal.clear}
              </button>
            )
          }
        >
          {isFiltered && journal.length > 0 ? words.journal.noMatch : words.journal.empty}
        </Empty>
      ) : (
        <div className="table-scroll">
          <table className="rows">
            <thead>
              <tr>
                <th className="c-time">{words.journal.time}</th>
                <th className="c-who">{words.journal.who}</th>
                <th>{words.journal.what}</th>
                <th className="c-order wide">{words.journal.orderNo}</th>
                <th className="c-verdict">{words.journal.verdict}</th>
                <th className="c-took wide num">
                  {words.journal.took} <small>ms</small>
                </th>
              </tr>
            </thead>
            <tbody onPointerEnter={(event) => setPointed(event.pointerType === "mouse")} onPointerLeave={() => setPointed(false)}>
              {shown.slice(0, limit).map((entry) => (
                <JournalRow key={entry.seq} entry={entry} open={opened.has(entry.seq)} onToggle={toggle} />
              ))}
            </tbody>
          </table>
          {shown.length > limit && (
            <div className="more">
              <Button size="sm" onClick={() => setLimit(limit + SHOWN)}>
                {words.journal.more(Math.min(SHOWN, shown.length - limit))}
              </Button>
            </div>
          )}
        </div>
      )}
    </div>
  );
}

type ToolsProps = { filter: Filter; onFilter: (filter: Filter) => void; paused: boolean; onPause: (paused: boolean) => void };

function JournalTools({ filter, onFilter, paused, onPause }: ToolsProps) {
  const { journal: words } = useWords();
  const search = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      const typing = (event.target as Element).closest("input, textarea, select, dialog");
      if (event.key !== "/" || typing) return;
      event.preventDefault();
      search.current?.focus();
    };
    document.addEventListener("keydown", focus);
    return () => document.removeEventListener("keydown", focus);
  }, []);
  const turn = (kind: Kind) => {
    const kinds = filter.kinds.includes(kind) ? filter.kinds.filter((other) => other !== kind) : [...filter.kinds, kind];
    onFilter({ ...filter, kinds });
  };
  return (
    <div className="tools">
      <label className="search">
        <Search aria-hidden />
        <input
          ref={search}
          aria-label={words.searchLabel}
          placeholder={words.search}
          value={filter.text}
          spellCheck={false}
          onChange={(event) => onFilter({ ...filter, text: event.target.value })}
        />
        <kbd>/</kbd>
      </label>
      <fieldset className="toggles" aria-label={words.kinds}>
        {KINDS.map((kind) => (
          <button key={kind} type="button" aria-pressed={filter.kinds.includes(kind)} onClick={() => turn(kind)}>
            {words.kind[kind]}
          </button>
        ))}
      </fieldset>
      <button
        type="button"
        className="toggle"
        aria-pressed={filter.troubleOnly}
        onClick={() => onFilter({ ...filter, troubleOnly: !filter.troubleOnly })}
      >
        {words.trouble}
      </button>
      <span className="grow" />
      <Button look="ghost" icon={paused ? <Play /> : <Pause />} aria-pressed={paused} onClick={() => onPause(!paused)}>
        {paused ? words.resume : words.pause}
      </Button>
    </div>
  );
}
