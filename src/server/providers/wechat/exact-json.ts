/**
 * JSON as money needs it: whole numbers become `bigint` from their own digits, so no amount ever passes through a float,
 * a name that occurs twice in one object is refused instead of merged (CB-04), and objects are Maps, so no name is magic (IN-05).
 */
export type Json = null | boolean | string | bigint | number | readonly Json[] | JsonObject;
export type JsonObject = ReadonlyMap<string, Json>;

/** What we write: amounts are `bigint` and are printed digit by digit; members that are `undefined` are left out. */
export type JsonInput = null | boolean | string | bigint | readonly JsonInput[] | { readonly [name: string]: JsonInput | undefined };

const DEPTH_MAX = 16;
/** Longer than any amount or count; keeps a hostile number from costing time. */
const NUMBER_LENGTH_MAX = 30;

export class JsonError extends Error {
  override readonly name = "JsonError";
  constructor(
    /** Stable word: `syntax`, `duplicate_key`, `too_deep`. */
    readonly reason: "syntax" | "duplicate_key" | "too_deep",
    /** Offset in the text, or the repeated name. Never a value. */
    readonly where: string,
  ) {
    super(`${reason} at ${where}`);
  }
}

/** Throws JsonError. A number with a fraction or an exponent stays a `number`: unknown fields may have one, amounts may not. */
export function parseJson(text: string): Json {
  const reader = new Reader(text);
  const value = reader.value(0);
  reader.end();
  return value;
}

export function printJson(value: JsonInput): string {
  if (value === null || typeof value === "boolean" || typeof value === "bigint") return String(value);
  if (typeof value === "string") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(printJson).join(",")}]`;
  const members = Object.entries(value).flatMap(([name, member]) =>
    member === undefined ? [] : [`${JSON.stringify(name)}:${printJson(member)}`],
  );
  return `{${members.join(",")}}`;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
/** A string's signs up to its end, an escape, or what may not stand there. The engine finds it several times faster than a loop. */
const PLAIN = /[ !#-[\]-\uffff]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;

class Reader {
  #at = 0;
  constructor(readonly text: string) {}

  value(depth: number): Json {
    if (depth > DEPTH_MAX) throw new JsonError("too_deep", String(this.#at));
    this.#skipSpace();
    switch (this.text[this.#at]) {
      case "{":
        return this.#object(depth);
      case "[":
        return this.#array(depth);
      case '"':
        return this.#string();
      case "t":
        return this.#word("true", true);
      case "f":
        return this.#word("false", false);
      case "n":
        return this.#word("null", null);
      default:
        return this.#number();
    }
  }

  end(): void {
    this.#skipSpace();
    if (this.#at !== this.text.length) this.#fail();
  }

  #object(depth: number): JsonObject {
    const members = new Map<string, Json>();
    this.#at++;
    if (this.#took("}")) return members;
    do {
      this.#skipSpace();
      if (this.text.charCodeAt(this.#at) !== QUOTE) this.#fail();
      const name = this.#string();
      if (members.has(name)) throw new JsonError("duplicate_key", name.slice(0, 40));
      if (!this.#took(":")) this.#fail();
      members.set(name, this.value(depth + 1));
    } while (this.#took(","));
    if (!this.#took("}")) this.#fail();
    return members;
  }

  #array(depth: number): Json[] {
    const items: Json[] = [];
    this.#at++;
    if (this.#took("]")) return items;
    do items.push(this.value(depth + 1));
    while (this.#took(","));
    if (!this.#took("]")) this.#fail();
    return items;
  }

  #string(): string {
    const start = ++this.#at;
    PLAIN.lastIndex = start;
    PLAIN.test(this.text);
    let at = PLAIN.lastIndex;
    const plain = this.text.charCodeAt(at) === QUOTE;
    if (!plain) at = this.#endOfEscaped(at);
    const raw = this.text.slice(start, at);
    this.#at = at + 1;
    if (plain) return raw;
    try {
      return JSON.parse(`"${raw}"`);
    } catch {
      throw new JsonError("syntax", String(start));
    }
  }

  /** Where the closing quote stands, from a place that is not inside an escape. */
  #endOfEscaped(from: number): number {
    for (let at = from; ; at++) {
      const code = this.text.charCodeAt(at);
      if (code === QUOTE) return at;
      if (code === BACKSLASH) at++;
      // Also true at the end of the text, where the code is NaN.
      else if (!(code >= SPACE)) {
        this.#at = at;
        this.#fail();
      }
    }
  }

  #number(): bigint | number {
    NUMBER.lastIndex = this.#at;
    const match = NUMBER.exec(this.text);
    if (!match || match[0].length > NUMBER_LENGTH_MAX) return this.#fail();
    this.#at = NUMBER.lastIndex;
    return match[1] === undefined && match[2] === undefined ? BigInt(match[0]) : Number(match[0]);
  }

  #word<T>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.#at)) this.#fail();
    this.#at += word.length;
    return value;
  }

  #took(mark: string): boolean {
    this.#skipSpace();
    if (this.text[this.#at] !== mark) return false;
    this.#at++;
    return true;
  }

  #skipSpace(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.#at);
      if (code !== SPACE && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.#at++;
    }
  }

  #fail(): never {
    throw new JsonError("syntax", String(this.#at));
  }
}
