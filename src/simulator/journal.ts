import type { JournalEntry } from "./control/types";

export const JOURNAL_MAX = 2_000;
const TEXT_MAX = 8_000;

export type JournalNote = Pick<JournalEntry, "kind" | "what" | "verdict" | "ok"> & Partial<Omit<JournalEntry, "seq">>;

/** A ring of what was asked, answered and sent. The newest 2,000 stay. */
export class Journal {
  #entries: JournalEntry[] = [];
  #last = 0;
  readonly #listen: (entry: JournalEntry) => void;

  constructor(listen: (entry: JournalEntry) => void) {
    this.#listen = listen;
  }

  write(now: Date, note: JournalNote): JournalEntry {
    const entry: JournalEntry = {
      provider: null,
      account: null,
      outTradeNo: null,
      httpStatus: null,
      ms: 0,
      fault: null,
      warnings: [],
      signedText: null,
      ...note,
      at: now.toISOString(),
      request: cut(note.request ?? ""),
      response: cut(note.response ?? ""),
      seq: ++this.#last,
    };
    this.#entries.push(entry);
    // Cutting in blocks keeps a full ring as cheap as an empty one.
    if (this.#entries.length > JOURNAL_MAX + 200) this.#entries = this.#entries.slice(-JOURNAL_MAX);
    this.#listen(entry);
    return entry;
  }

  /** The first `limit` entries after `seq`; without `seq` the newest ones. Oldest first. */
  read(after: number | null, limit: number): { entries: JournalEntry[]; last: number } {
    const kept = this.#entries.slice(-JOURNAL_MAX);
    const entries = after === null ? kept.slice(-limit) : kept.filter((entry) => entry.seq > after).slice(0, limit);
    return { entries, last: this.#last };
  }

  get last(): number {
    return this.#last;
  }

  /** Takes back what a snapshot kept. */
  restore(entries: JournalEntry[]): void {
    this.#entries = entries.slice(-JOURNAL_MAX);
    this.#last = this.#entries.at(-1)?.seq ?? 0;
  }

  clear(): void {
    this.#entries = [];
  }
}

const cut = (text: string): string => (text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX)}…` : text);
