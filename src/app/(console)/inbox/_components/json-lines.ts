export type JsonLine = { indent: string; name: string | null; rest: string };

/** JSON text with one member to a line. Only the space between tokens is changed: numbers keep their own digits. */
export function jsonLines(text: string): JsonLine[] {
  const lines: string[] = [];
  let line = "";
  let depth = 0;
  const broken = () => {
    if (line.trim() !== "") lines.push(line.trimEnd());
    line = "  ".repeat(depth);
  };
  for (const [token = ""] of text.matchAll(/"(?:[^"\\]|\\.)*"?|[{}[\],:]|[^\s{}[\],:"]+/g)) {
    if (token === "{" || token === "[") {
      line += token;
      depth += 1;
      broken();
    } else if (token === "}" || token === "]") {
      depth = Math.max(0, depth - 1);
      broken();
      line += token;
    } else if (token === ",") {
      line += token;
      broken();
    } else {
      line += token === ":" ? ": " : token;
    }
  }
  broken();
  return lines.map((one) => {
    const member = /^(\s*)"((?:[^"\\]|\\.)*)": (.*)$/.exec(one);
    if (member) return { indent: member[1] ?? "", name: member[2] ?? "", rest: member[3] ?? "" };
    const rest = one.trimStart();
    return { indent: one.slice(0, one.length - rest.length), name: null, rest };
  });
}
