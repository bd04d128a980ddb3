import { StatementError, type StatementLine, type StatementTotals } from "../statement-port";
import { BATCH_LINES, FILE_BYTES_MAX } from "./limits";
import { LineSplitter } from "./lines";

/** What knows one provider's layout. It is given every line once, one character per byte. Both throw StatementError. */
export interface StatementParser {
  line(text: string, lineNo: number): StatementLine | null;
  /** After the last line: compares the rows with the file's own summary. */
  end(): StatementTotals;
}

export async function* inBatches(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  parser: StatementParser,
): AsyncGenerator<StatementLine[], StatementTotals> {
  const splitter = new LineSplitter();
  let batch: StatementLine[] = [];
  let lineNo = 0;
  const take = (lines: readonly string[]): void => {
    for (const text of lines) {
      const line = parser.line(text, ++lineNo);
      if (line) batch.push(line);
    }
  };
  for await (const chunk of chunks) {
    take(splitter.push(chunk));
    if (batch.length < BATCH_LINES) continue;
    yield batch;
    batch = [];
  }
  take(splitter.end());
  const totals = parser.end();
  if (batch.length > 0) yield batch;
  return totals;
}

/** A stored file may be older than the limit, or not ours. */
export function checkFileSize(bytes: Buffer): void {
  if (bytes.length > FILE_BYTES_MAX) throw new StatementError("too_large", `has more than ${FILE_BYTES_MAX} bytes`);
}
