import iconv from "iconv-lite";
import type { RefusalCause } from "~/domain/notification";

export type ParsedForm = {
  fields: ReadonlyMap<string, string>;
  /** The text that Alipay signed, as people read it and as the exact bytes in the message's own charset. */
  signedText: string;
  signedBytes: Buffer;
  charset: string;
};
export type FormRefusal = { cause: RefusalCause; evidence: string | null };

const FIELDS_MAX = 200;
const NAME = /^[A-Za-z0-9_.-]{1,64}$/;
/** What takes no part in the text to verify. */
const UNSIGNED: ReadonlySet<string> = new Set(["sign", "sign_type"]);
const CHARSETS: ReadonlySet<string> = new Set(["utf-8", "gbk", "gb2312", "gb18030"]);

/**
 * Reads `application/x-www-form-urlencoded` bytes exactly once and without forgiveness: every pair has a plain name that occurs
 * once, every escape is whole, every character exists in the charset that the message names. A doubt is a refusal.
 */
export function parseForm(body: Buffer): ParsedForm | FormRefusal {
  const text = body.toString("latin1");
  if (text.length === 0) return refusal("empty_body");
  // A form holds only visible ASCII; anything else arrives percent-encoded.
  if (/[^\x21-\x7e]/.test(text)) return refusal("raw_bytes");

  const encoded = new Map<string, string>();
  for (let start = 0; start <= text.length; ) {
    let end = text.indexOf("&", start);
    if (end === -1) end = text.length;
    const equals = text.indexOf("=", start);
    if (equals === -1 || equals > end) return refusal("pair_without_value");
    const name = text.slice(start, equals);
    if (!NAME.test(name)) return refusal("bad_name", `at byte ${start}`);
    if (encoded.has(name)) return refusal("repeated_field", name);
    if (encoded.size === FIELDS_MAX) return refusal("too_many_fields", `more than ${FIELDS_MAX}`);
    encoded.set(name, text.slice(equals + 1, end));
    start = end + 1;
  }

  const charset = charsetOf(encoded.get("charset") ?? "utf-8");
  if (!charset) return refusal("unknown_charset");
  return charset === "utf-8" ? readUtf8(encoded) : readGbk(encoded, charset);
}

const refusal = (cause: RefusalCause, evidence: string | null = null): FormRefusal => ({ cause, evidence });

function charsetOf(encoded: string): string | null {
  const name = encoded.toLowerCase().replace("%2d", "-");
  return CHARSETS.has(name) ? name : name === "utf8" ? "utf-8" : null;
}

function readUtf8(encoded: ReadonlyMap<string, string>): ParsedForm | FormRefusal {
  const fields = new Map<string, string>();
  for (const [name, value] of encoded) {
    const spaced = value.includes("+") ? value.replaceAll("+", " ") : value;
    try {
      // Strict in both: broken escapes and byte sequences that are no UTF-8 throw.
      fields.set(name, spaced.includes("%") ? decodeURIComponent(spaced) : spaced);
    } catch {
      return refusal("bad_encoding", name);
    }
  }
  const signedText = joined(fields);
  return { fields, signedText, signedBytes: Buffer.from(signedText, "utf8"), charset: "utf-8" };
}

function readGbk(encoded: ReadonlyMap<string, string>, charset: string): ParsedForm | FormRefusal {
  const fields = new Map<string, string>();
  // One character per byte: the bytes that were signed are kept apart from what they mean.
  const bytes = new Map<string, string>();
  for (const [name, value] of encoded) {
    if (/%(?![0-9A-Fa-f]{2})/.test(value)) return refusal("bad_encoding", name);
    const raw = value.replaceAll("+", " ").replace(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    const buffer = Buffer.from(raw, "latin1");
    const text = iconv.decode(buffer, charset);
    if (!iconv.encode(text, charset).equals(buffer)) return refusal("bad_encoding", name);
    bytes.set(name, raw);
    fields.set(name, text);
  }
  return { fields, signedText: joined(fields), signedBytes: Buffer.from(joined(bytes), "latin1"), charset };
}

function joined(fields: ReadonlyMap<string, string>): string {
  let text = "";
  for (const name of signedNames(fields)) text += `${text && "&"}${name}=${fields.get(name)}`;
  return text;
}

/** The names that take part in the signature, in its order. */
export const signedNames = (fields: ReadonlyMap<string, string>): string[] =>
  [...fields.keys()].filter((name) => !UNSIGNED.has(name)).sort();
