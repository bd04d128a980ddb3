/** One parameter of a form or of a signed text, as it stands in the message: nothing is decoded. */
export type Param = { name: string; value: string };

/** `a=1&b=2` as parameters; a part without `=` is a name alone. */
export const paramsOf = (text: string): Param[] =>
  text.split("&").map((part) => {
    const at = part.indexOf("=");
    return at < 0 ? { name: part, value: "" } : { name: part.slice(0, at), value: part.slice(at + 1) };
  });

// The pictures of control characters (U+2400 on) are missing in most fonts: these are the letters that they show.
const INVISIBLE: Record<string, string> = {
  " ": "SP",
  "\t": "HT",
  "\r": "CR",
  "\n": "LF",
  "\0": "NUL",
  "\u00a0": "NBSP",
  "\u200b": "ZWSP",
  "\u3000": "IDSP",
  "\ufeff": "BOM",
};

/** The name and code of a character that cannot be seen, such as CR and U+000D; null for all others. */
export function invisible(character: string): { name: string; code: string } | null {
  const name = INVISIBLE[character];
  if (!name) return null;
  return { name, code: `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}` };
}

export type DiffRow = {
  theirs: string | null;
  ours: string | null;
  /** Characters from each side's start and end that are alike; what lies between differs. */
  alike: { start: number; end: number };
  same: boolean;
};

const nameOf = (line: string) => line.split("=", 1)[0] ?? line;

/** Two texts line by line. Lines are paired by their name (what stands before `=`), in the order of a longest common run of names. */
export function diffLines(theirs: readonly string[], ours: readonly string[]): DiffRow[] {
  const lengths = Array.from({ length: theirs.length + 1 }, () => new Array<number>(ours.length + 1).fill(0));
  const length = (i: number, j: number) => lengths[i]?.[j] ?? 0;
  const paired = (i: number, j: number) => nameOf(theirs[i] ?? "") === nameOf(ours[j] ?? "");
  for (let i = theirs.length - 1; i >= 0; i--) {
    for (let j = ours.length - 1; j >= 0; j--) {
      const row = lengths[i];
      if (row) row[j] = paired(i, j) ? length(i + 1, j + 1) + 1 : Math.max(length(i + 1, j), length(i, j + 1));
    }
  }
  const rows: DiffRow[] = [];
  let [i, j] = [0, 0];
  while (i < theirs.length || j < ours.length) {
    if (i < theirs.length && j < ours.length && paired(i, j)) rows.push(diffLine(theirs[i++] ?? "", ours[j++] ?? ""));
    else if (j >= ours.length || (i < theirs.length && length(i + 1, j) >= length(i, j + 1))) rows.push(diffLine(theirs[i++] ?? "", null));
    else rows.push(diffLine(null, ours[j++] ?? ""));
  }
  return rows;
}

function diffLine(theirs: string | null, ours: string | null): DiffRow {
  if (theirs === null || ours === null) return { theirs, ours, alike: { start: 0, end: 0 }, same: false };
  const shorter = Math.min(theirs.length, ours.length);
  let start = 0;
  while (start < shorter && theirs[start] === ours[start]) start++;
  let end = 0;
  while (end < shorter - start && theirs[theirs.length - 1 - end] === ours[ours.length - 1 - end]) end++;
  return { theirs, ours, alike: { start, end }, same: theirs === ours };
}
