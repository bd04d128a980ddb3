/** GBK both ways. Node decodes it; the way back is the same table turned round, so no library is shared with the client. */
const decoder = new TextDecoder("gbk");
let table: Map<string, number> | null = null;

function encodingTable(): Map<string, number> {
  if (table) return table;
  table = new Map();
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      const char = decoder.decode(Uint8Array.of(lead, trail));
      if ([...char].length === 1 && char !== "\uFFFD" && !table.has(char)) table.set(char, (lead << 8) | trail);
    }
  }
  return table;
}

/** Characters that GBK cannot write become a question mark, as at the providers. */
export function encodeGbk(text: string): Buffer {
  const map = encodingTable();
  const bytes: number[] = [];
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0x3f;
    if (code < 0x80) bytes.push(code);
    else {
      const pair = map.get(char);
      if (pair === undefined) bytes.push(0x3f);
      else bytes.push(pair >> 8, pair & 0xff);
    }
  }
  return Buffer.from(bytes);
}

export type Charset = "utf-8" | "gbk";

/** The providers' names for a charset, or null for one they do not take. */
export function charsetOf(name: string): Charset | null {
  const lower = name.toLowerCase();
  if (lower === "utf-8" || lower === "utf8") return "utf-8";
  return lower === "gbk" || lower === "gb2312" ? "gbk" : null;
}

export const encodeText = (text: string, charset: Charset): Buffer => (charset === "gbk" ? encodeGbk(text) : Buffer.from(text, "utf8"));
export const decodeText = (bytes: Uint8Array, charset: Charset): string =>
  charset === "gbk" ? decoder.decode(bytes) : Buffer.from(bytes).toString("utf8");
