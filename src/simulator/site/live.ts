import type { ChangeEvent, FacetofaceDesk, FaultsOutput, JournalEntry, JournalOutput, StateView } from "../control/types";
import { ControlFailure, control } from "./control-client";
import { mergeJournal } from "./desk/journal-filter";

export type Link = "connecting" | "live" | "lost";

export type Live = {
  link: Link;
  /** Null until first told. */
  state: StateView | null;
  /** Reading of `performance.now()` at which `state.clock` was true. */
  clockReadAt: number;
  faults: FaultsOutput | null;
  /** Applications for face-to-face payment. */
  signing: FacetofaceDesk | null;
  /** Oldest first, without gaps, the newest 1,000 at most. */
  journal: readonly JournalEntry[] | null;
  /** Why the last attempt to read failed; what was read before stays. */
  failure: ControlFailure | null;
};

const NOTHING: Live = { link: "connecting", state: null, clockReadAt: 0, faults: null, signing: null, journal: null, failure: null };

const JOURNAL_FIRST = 300;
/** A longer gap is not filled: the journal is read anew. */
const JOURNAL_GAP_MAX = 1_000;
/** Changes come in bursts: a payment alone is a dozen. They are read, and shown, together. */
const GATHER_MS = 120;
const AGAIN_AFTER_MS = 2_000;
/** A clock that another process moves tells nobody, so it is asked for. */
const ASK_AFTER_MS = 10_000;

export type Feed = { subscribe: (listener: () => void) => () => void; read: () => Live; retry: () => void };

/** What the simulator knows, as it changes: read once, told by its stream, read again after every gap. Opens with the first listener. */
export function createFeed(): Feed {
  let live = NOTHING;
  const listeners = new Set<() => void>();
  let source: EventSource | null = null;
  let gathering: ReturnType<typeof setTimeout> | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;
  let beat: ReturnType<typeof setInterval> | undefined;
  let arrived: JournalEntry[] = [];
  const stale = { state: false, faults: false, signing: false, journal: false };

  const show = (part: Partial<Live>) => {
    live = { ...live, ...part };
    for (const listener of listeners) listener();
  };

  const gather = () => {
    if (gathering) return;
    gathering = setTimeout(async () => {
      await readStale();
      gathering = undefined;
      if (stale.state || stale.faults || stale.signing || arrived.length > 0) gather();
    }, GATHER_MS);
  };
  const ask = (...parts: (keyof typeof stale)[]) => {
    for (const part of parts) stale[part] = true;
    gather();
  };

  async function readStale(): Promise<void> {
    const wanted = { ...stale };
    Object.assign(stale, { state: false, faults: false, signing: false, journal: false });
    try {
      const [state, faults, signing, journal] = await Promise.all([
        wanted.state ? control<StateView>("GET", "state") : null,
        wanted.faults ? control<FaultsOutput>("GET", "faults") : null,
        wanted.signing ? control<FacetofaceDesk>("GET", "facetoface/desk") : null,
        wanted.journal ? readJournal() : null,
      ]);
      const fresh = arrived;
      arrived = [];
      const known = journal ?? live.journal;
      show({
        ...(state && { state, clockReadAt: performance.now() }),
        ...(faults && { faults }),
        ...(signing && { signing }),
        ...(known && { journal: mergeJournal(known, fresh) }),
        failure: null,
      });
    } catch (error) {
      if (!(error instanceof ControlFailure)) throw error;
      // Nothing is asked again at once: the stream asks for everything when it opens, and the beat while it is open.
      show({ failure: error });
    }
  }

  /** What was missed since the last entry; everything where the simulator began anew. */
  async function readJournal(): Promise<readonly JournalEntry[]> {
    const last = live.journal?.at(-1)?.seq;
    if (live.journal && last !== undefined) {
      const { entries, last: newest } = await control<JournalOutput>("GET", `journal?after=${last}&limit=${JOURNAL_GAP_MAX}`);
      if (newest >= last && newest - last <= JOURNAL_GAP_MAX) return mergeJournal(live.journal, entries);
    }
    return (await control<JournalOutput>("GET", `journal?limit=${JOURNAL_FIRST}`)).entries;
  }

  function open(): void {
    source = new EventSource("/control/stream");
    source.onopen = () => {
      show({ link: "live" });
      ask("state", "faults", "signing", "journal");
    };
    source.onerror = () => {
      show({ link: "lost", ...(live.state === null && { failure: new ControlFailure("unreachable", "no stream") }) });
      // The browser tries again after a broken line, but gives up after an answer that is no stream.
      if (source?.readyState !== EventSource.CLOSED) return;
      source.close();
      ask("state");
      again = setTimeout(open, AGAIN_AFTER_MS);
    };
    source.addEventListener("journal", (event: MessageEvent<string>) => {
      const entry = JSON.parse(event.data) as JournalEntry;
      arrived.push(entry);
      if (entry.fault) ask("faults");
      else gather();
    });
    source.addEventListener("change", (event: MessageEvent<string>) => {
      const { what } = JSON.parse(event.data) as ChangeEvent;
      if (what === "reset") {
        arrived = [];
        show({ journal: [] });
      }
      if (what === "facetoface") ask("signing");
      else if (what === "reset") ask("state", "faults", "signing");
      else if (what === "fault") ask("state", "faults");
      else ask("state");
    });
  }

  function close(): void {
    source?.close();
    source = null;
    clearTimeout(again);
    clearTimeout(gathering);
    gathering = undefined;
    clearInterval(beat);
  }

  return {
    read: () => live,
    retry: () => ask("state", "faults", "signing", "journal"),
    subscribe(listener) {
      listeners.add(listener);
      if (listeners.size === 1) {
        open();
        beat = setInterval(() => {
          if (live.link !== "live") return;
          if (live.failure) ask("state", "faults", "signing", "journal");
          else ask("state");
        }, ASK_AFTER_MS);
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) close();
      };
    },
  };
}
