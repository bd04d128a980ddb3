import { StatementError } from "../statement-port";
import { LINE_BYTES_MAX, LINES_MAX } from "./limits";

const LF = 0x0a;

/**
 * Cuts bytes into lines, wherever the chunks end. A line is given as text with one character per byte (latin1), so that cells can be cut
 * out before anything is decoded: in GBK as in UTF-8, a byte below 0x40 is never half of a character, and neither `,` nor LF is above.
 * Throws `too_large`.
 */
export class LineSplitter {
  #carry = "";
  #count = 0;

  push(chunk: Buffer): string[] {
    const lines: string[] = [];
    let from = 0;
    for (let end = chunk.indexOf(LF); end !== -1; end = chunk.indexOf(LF, from)) {
      lines.push(this.#line(chunk, from, end));
      from = end + 1;
    }
    this.#keep(chunk, from, chunk.length);
    return lines;
  }

  /** What is left when the last line has no end of its own. */
  end(): string[] {
    return this.#carry === "" ? [] : [this.#line(Buffer.alloc(0), 0, 0)];
  }

  #line(chunk: Buffer, from: number, end: number): string {
    this.#keep(chunk, from, end);
    const line = this.#carry;
    this.#carry = "";
    this.#count++;
    if (this.#count > LINES_MAX) throw new StatementError("too_large", `more than ${LINES_MAX} lines`, this.#count);
    return line.endsWith("\r") ? line.slice(0, -1) : line;
  }

  #keep(chunk: Buffer, from: number, end: number): void {
    if (this.#carry.length + end - from > LINE_BYTES_MAX) {
      throw new StatementError("too_large", `longer than ${LINE_BYTES_MAX} bytes`, this.#count + 1);
    }
    this.#carry += chunk.toString("latin1", from, end);
  }
}

/** Cells are padded with TABs and spaces, and nothing else may be cut off: 0xA0 is half of a character in GBK. */
export function trimmed(cell: string): string {
  let from = 0;
  let end = cell.length;
  while (from < end && isPadding(cell.charCodeAt(from))) from++;
  while (end > from && isPadding(cell.charCodeAt(end - 1))) end--;
  return from === 0 && end === cell.length ? cell : cell.slice(from, end);
}

const isPadding = (code: number): boolean => code === 0x09 || code === 0x20;
