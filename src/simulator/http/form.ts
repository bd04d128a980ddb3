import { type Charset, decodeText } from "../crypto/gbk";

/** Percent and plus decoding to bytes, once. Broken escapes stay as they are, as in every form parser. */
function decodeBytes(text: string): Buffer {
  const bytes: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    const hex = char === "%" ? /^[0-9a-fA-F]{2}$/.exec(text.slice(i + 1, i + 3)) : null;
    if (hex) {
      bytes.push(Number.parseInt(hex[0], 16));
      i += 2;
    } else if (char === "+") bytes.push(0x20);
    else bytes.push(text.charCodeAt(i) & 0xff);
  }
  return Buffer.from(bytes);
}

export type Pair = { name: string; value: string };

/** Reads `a=1&b=2`, given as bytes, into pairs in order. Repeats are kept: the caller decides what they mean. */
export function parseForm(raw: Buffer | string, charset: Charset): Pair[] {
  const text = typeof raw === "string" ? Buffer.from(raw, "utf8").toString("latin1") : raw.toString("latin1");
  if (text === "") return [];
  return text.split("&").flatMap((part) => {
    if (part === "") return [];
    const at = part.indexOf("=");
    const [name, value] = at === -1 ? [part, ""] : [part.slice(0, at), part.slice(at + 1)];
    return [{ name: decodeText(decodeBytes(name), charset), value: decodeText(decodeBytes(value), charset) }];
  });
}

/** Writes a form body: every byte but the unreserved ones escaped, space as plus. */
export function encodeForm(pairs: Iterable<readonly [string, string]>, encode: (text: string) => Buffer): string {
  const quote = (text: string) => {
    let out = "";
    for (const byte of encode(text)) {
      const char = String.fromCharCode(byte);
      if (/[A-Za-z0-9\-_.*]/.test(char)) out += char;
      else out += char === " " ? "+" : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
    }
    return out;
  };
  return [...pairs].map(([name, value]) => `${quote(name)}=${quote(value)}`).join("&");
}
