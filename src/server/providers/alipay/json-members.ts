/**
 * Cuts the top-level members of a JSON object as raw text, character for character: what Alipay signed is the text as received,
 * with its escapes and spacing. Throws SyntaxError for anything but one JSON object whose names differ from each other.
 */
export function rawMembers(text: string): Map<string, string> {
  const parsed: unknown = JSON.parse(text);
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) throw new SyntaxError("not a JSON object");

  // From here on the text is known to be valid, so each branch may trust what it sees.
  const members = new Map<string, string>();
  let at = text.indexOf("{") + 1;
  for (;;) {
    at = skipBlank(text, at);
    if (text[at] === "}") return members;
    if (text[at] === ",") at = skipBlank(text, at + 1);
    const nameEnd = endOfString(text, at);
    const name = JSON.parse(text.slice(at, nameEnd)) as string;
    const start = skipBlank(text, skipBlank(text, nameEnd) + 1);
    at = endOfValue(text, start);
    if (members.has(name)) throw new SyntaxError(`"${name.slice(0, 40)}" appears twice`);
    members.set(name, text.slice(start, at));
  }
}

function skipBlank(text: string, at: number): number {
  while (text[at] === " " || text[at] === "\n" || text[at] === "\r" || text[at] === "\t") at++;
  return at;
}

/** `at` stands on the opening quote; answers the position after the closing one. */
function endOfString(text: string, at: number): number {
  for (at++; text[at] !== '"'; at++) if (text[at] === "\\") at++;
  return at + 1;
}

function endOfValue(text: string, at: number): number {
  if (text[at] === '"') return endOfString(text, at);
  if (text[at] !== "{" && text[at] !== "[") {
    while (!", }\n\r\t".includes(text[at] ?? "}")) at++;
    return at;
  }
  let depth = 0;
  for (;;) {
    const character = text[at];
    if (character === '"') {
      at = endOfString(text, at);
      continue;
    }
    if (character === "{" || character === "[") depth++;
    if (character === "}" || character === "]") depth--;
    at++;
    if (depth === 0) return at;
  }
}
