import { type Fen, yuanText } from "./money";

/** `fen` is written as a number in yuan, so that it stays a number; text is made harmless first. */
export type CsvCell = string | number | null | { fen: Fen };

/** Before the first line: spreadsheets then read the file as UTF-8. */
export const CSV_BOM = "\uFEFF";

/**
 * What a spreadsheet would take for a formula, where a cell begins or where a reader with other separators would begin one: after
 * separators, quotes and line breaks. Full-width forms are read as formulas by some (IN-06).
 */
const FORMULA = /(^|[,;\t\r\n"'])(\s*)([=+\-@＝＋－＠])/g;
/** A tab or a line break at the beginning is skipped by readers, and what follows counts as the beginning. */
const SKIPPED = /^[\t\r\n]/;

function harmless(text: string): string {
  const told = text.replace(FORMULA, (_all, before: string, space: string, sign: string) => `${before}${space}'${sign}`);
  return SKIPPED.test(told) ? `'${told}` : told;
}

/** One line with its end. Every text is quoted; empty cells stay empty. */
export function csvLine(cells: readonly CsvCell[]): string {
  return `${cells.map(cellText).join(",")}\r\n`;
}

/** A file as it is streamed: a page of rows at a time, the head with the first, or alone where there are none. */
export async function* csvPages<Row>(
  head: readonly string[],
  pages: AsyncIterable<readonly Row[]>,
  cellsOf: (row: Row) => readonly CsvCell[],
): AsyncGenerator<string, void> {
  let first = csvLine(head);
  for await (const page of pages) {
    yield first + page.map((row) => csvLine(cellsOf(row))).join("");
    first = "";
  }
  if (first) yield first;
}

function cellText(cell: CsvCell): string {
  if (cell === null || cell === "") return "";
  if (typeof cell === "number") return String(cell);
  if (typeof cell === "object") return yuanText(cell.fen);
  return `"${harmless(cell).replaceAll('"', '""')}"`;
}
