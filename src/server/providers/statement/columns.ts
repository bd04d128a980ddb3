import { StatementError } from "../statement-port";

/** Finds columns by their names, wherever they stand. */
export class Columns {
  readonly #places = new Map<string, number>();
  readonly count: number;

  constructor(
    readonly names: readonly string[],
    private readonly lineNo: number,
  ) {
    this.count = names.length;
    for (const [place, name] of names.entries()) {
      if (this.#places.has(name)) throw new StatementError("unknown_columns", `two columns ${name.slice(0, 20)}`, lineNo);
      this.#places.set(name, place);
    }
  }

  find(...names: readonly string[]): number | null {
    for (const name of names) {
      const place = this.#places.get(name);
      if (place !== undefined) return place;
    }
    return null;
  }

  /** Several names are spellings of different times, the newest first. */
  get(...names: readonly string[]): number {
    const place = this.find(...names);
    if (place === null) throw new StatementError("unknown_columns", `no column ${names.join(" or ")}`, this.lineNo);
    return place;
  }
}
