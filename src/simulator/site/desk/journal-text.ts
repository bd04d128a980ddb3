/**
 * Breaks a recorded message into lines for reading: JSON by its structure, a form by its parameters. Not a character is changed
 * or lost but line breaks and indents are added, so figures of any length stay as they were sent.
 */
export function brokenIntoLines(text: string): string {
  const at = text.indexOf("\n\n");
  const isWhole = at !== -1 && /^(GET|POST|PUT|DELETE|PATCH) /.test(text);
  const [head, body] = isWhole ? [text.slice(0, at + 2), text.slice(at + 2)] : ["", text];
  if (/^\s*[{[]/.test(body)) return head + jsonInLines(body);
  if (/^[\w.-]+=[^\n]*&[\w.-]+=/.test(body)) return head + body.replaceAll("&", "\n&");
  return text;
}

function jsonInLines(text: string): string {
  let out = "";
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? "";
    if (inString) {
      out += char;
      if (char === "\\") out += text[++at] ?? "";
      else if (char === '"') inString = false;
      continue;
    }
    if (char === '"') inString = true;
    const next = text[at + 1] ?? "";
    if ((char === "{" || char === "[") && next !== "}" && next !== "]") out += `${char}${newLine(++depth)}`;
    else if (char === "{" || char === "[") out += char + (text[++at] ?? "");
    else if (char === "}" || char === "]") out += `${newLine(--depth)}${char}`;
    else if (char === ",") out += `${char}${newLine(depth)}`;
    else if (char === ":") out += ": ";
    else out += char;
  }
  return out;
}

const newLine = (depth: number): string => `\n${"  ".repeat(Math.max(0, depth))}`;
