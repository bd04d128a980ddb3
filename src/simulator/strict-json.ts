/**
 * JSON that keeps how a number was written. `1.0`, `1e2` and `1` are one number to JSON.parse, but only the last
 * is an integer to WeChat Pay, and no amount may pass through a float on its way.
 */
export class JsonNumber {
  constructor(readonly text: string) {}
  isInteger(): boolean {
    return /^-?(0|[1-9]\d*)$/.test(this.text);
  }
  toJSON(): number {
    return Number(this.text);
  }
}

export type JsonValue = null | boolean | string | JsonNumber | JsonValue[] | JsonObject;
export type JsonObject = Map<string, JsonValue>;

// A string is any characters but quote, backslash and controls; the last are left to JSON.parse, which refuses them.
const STRING = /"(?:[^"\\]|\\.)*"/.source;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/.source;
const TOKEN = new RegExp(`[ \\t\\n\\r]*([{}[\\],:]|${STRING}|${NUMBER}|true|false|null)`, "y");
const DEPTH_MAX = 32;

/** Parses one JSON text. Answers undefined when it is not JSON, is nested too deeply, or repeats a key. */
export function parseStrictJson(text: string): JsonValue | undefined {
  let at = 0;
  let failed = false;
  const next = (): string | null => {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (!match) return null;
    at = TOKEN.lastIndex;
    return match[1] ?? null;
  };
  const fail = () => {
    failed = true;
    return null;
  };
  const readString = (token: string): string | null => {
    try {
      return JSON.parse(token) as string;
    } catch {
      return fail();
    }
  };
  const value = (token: string | null, depth: number): JsonValue => {
    if (token === null || depth > DEPTH_MAX) return fail();
    if (token === "{") return object(depth);
    if (token === "[") return list(depth);
    if (token.startsWith('"')) return readString(token);
    if (token === "true" || token === "false") return token === "true";
    if (token === "null") return null;
    return /^[-\d]/.test(token) ? new JsonNumber(token) : fail();
  };
  const object = (depth: number): JsonValue => {
    const members: JsonObject = new Map();
    let token = next();
    if (token === "}") return members;
    while (!failed) {
      if (!token?.startsWith('"')) return fail();
      const name = readString(token);
      if (name === null || members.has(name) || next() !== ":") return fail();
      members.set(name, value(next(), depth + 1));
      const separator = next();
      if (separator === "}") return members;
      if (separator !== ",") return fail();
      token = next();
    }
    return null;
  };
  const list = (depth: number): JsonValue => {
    const items: JsonValue[] = [];
    let token = next();
    if (token === "]") return items;
    while (!failed) {
      items.push(value(token, depth + 1));
      const separator = next();
      if (separator === "]") return items;
      if (separator !== ",") return fail();
      token = next();
    }
    return null;
  };
  const result = value(next(), 0);
  return failed || /[^ \t\n\r]/.test(text.slice(at)) ? undefined : result;
}
