import { EventEmitter } from "node:events";
import { FileClock } from "~/lib/clock-file";
import type { ChangeEvent, JournalEntry } from "./control/types";
import { newRsaKey } from "./crypto/keys";
import { Faults } from "./faults/faults";
import { Journal, type JournalNote } from "./journal";
import { PictureStore } from "./picture-store";
import { loadState, Snapshot } from "./snapshot";
import { emptyState, type State } from "./state";
import { BillShelf } from "./statement/shelf";

/** How much of the journal a restart keeps. */
const JOURNAL_TAIL = 300;
/** Nonces remembered at a time. */
const NONCES_MAX = 20_000;

type WorldEvents = { journal: [JournalEntry]; change: [ChangeEvent]; due: [] };
type Bus = EventEmitter<WorldEvents>;

export type WorldOptions = { dataDir: string; testClock: boolean };

/** What the process owns: the clock, everything remembered, the switches, the journal, and who wants to hear of changes. */
export class World {
  readonly clock: FileClock | null;
  readonly journal: Journal;
  readonly faults: Faults;
  readonly pictures: PictureStore;
  readonly bills = new BillShelf();
  readonly #bus: Bus = new EventEmitter<WorldEvents>().setMaxListeners(200);
  readonly #snapshot: Snapshot;
  readonly #nonces = new Set<string>();
  state: State;

  constructor(options: WorldOptions) {
    this.clock = options.testClock ? new FileClock(options.dataDir) : null;
    this.state = loadState(options.dataDir);
    this.journal = new Journal((entry) => this.#bus.emit("journal", entry));
    this.journal.restore(this.state.journalTail);
    this.faults = new Faults(() => this.state.faults);
    this.pictures = new PictureStore(options.dataDir);
    this.#snapshot = new Snapshot(options.dataDir, () => ({ ...this.state, journalTail: this.journal.read(null, JOURNAL_TAIL).entries }));
  }

  now = (): Date => this.clock?.now() ?? new Date();

  note(note: JournalNote): void {
    this.journal.write(this.now(), note);
  }

  /** Says that something changed: saves soon and tells the site. */
  changed(what: ChangeEvent["what"], id: string): void {
    this.#snapshot.touch();
    this.#bus.emit("change", { what, id });
  }

  /** Whether this nonce came before. WeChat Pay does not say that it minds, so reuse is only remarked upon. */
  seesAgain(nonce: string): boolean {
    const isAgain = this.#nonces.has(nonce);
    if (this.#nonces.size >= NONCES_MAX) this.#nonces.clear();
    this.#nonces.add(nonce);
    return isAgain;
  }

  /** Says that a delivery may be due now. */
  wake(): void {
    this.#bus.emit("due");
  }

  get bus(): Bus {
    return this.#bus;
  }

  /** The key for messages that must not verify; made when first needed. */
  async strangerKey(): Promise<string> {
    this.state.strangerKey ??= await newRsaKey();
    return this.state.strangerKey;
  }

  reset(withAccounts: boolean): void {
    const { alipay, wechat, strangerKey } = this.state;
    this.state = emptyState();
    this.state.strangerKey = strangerKey;
    this.state.alipay.authority = alipay.authority;
    if (!withAccounts) {
      this.state.alipay.accounts = alipay.accounts;
      this.state.wechat.accounts = wechat.accounts;
    }
    this.pictures.clear();
    this.bills.clear();
    this.journal.clear();
    this.faults.forgetCounts();
    this.changed("reset", "all");
  }

  save(): void {
    this.#snapshot.flush();
  }
}
