import { fen } from "~/lib/money";
import type { CivilDate } from "~/lib/time";
import type { StatementParser } from "../statement/batches";
import { Columns } from "../statement/columns";
import { timesOf } from "../statement/day-times";
import { trimmed } from "../statement/lines";
import { StatementError, type StatementLine, type StatementTotals } from "../statement-port";
import { ColumnSums, cellsOf, type WechatRow, wechatRows } from "./statement-row";
import { checkSummary } from "./statement-summary";

type Table = { columns: Columns; sums: ColumnSums; rowOf: (cells: readonly string[]) => WechatRow | null };

const utf8 = (bytes: string): string => Buffer.from(bytes, "latin1").toString("utf8");
/** The byte order mark, one character per byte. */
const BOM = "\xef\xbb\xbf";

/** A trade statement of one merchant and day (protocol, 15): column names, records, the names of sums, the sums. */
export class WechatStatementParser implements StatementParser {
  #table: Table | null = null;
  #summaryNames: string[] | null = null;
  #complete = false;
  #rows = 0;
  readonly #totals = { payments: 0, paid: 0n, refunds: 0, refunded: 0n, fee: 0n };
  readonly #timeOf: ReturnType<typeof timesOf>;

  constructor(
    private readonly mchid: string,
    day: CivilDate,
  ) {
    this.#timeOf = timesOf(day);
  }

  line(text: string, lineNo: number): StatementLine | null {
    if (!this.#table) return this.#header(text, lineNo);
    if (this.#complete) {
      if (trimmed(text) !== "") throw new StatementError("unreadable_line", "something follows the sums", lineNo);
      return null;
    }
    if (this.#summaryNames) return this.#summary(this.#table, this.#summaryNames, text, lineNo);
    if (text.startsWith("`")) return this.#row(this.#table, text, lineNo);

    const names = namesIn(text);
    if (names[0] !== "总交易单数") throw new StatementError("unreadable_line", "neither a record nor the names of sums", lineNo);
    this.#summaryNames = names;
    return null;
  }

  end(): StatementTotals {
    if (!this.#table) throw new StatementError("not_a_statement", "the file is empty");
    if (!this.#complete) throw new StatementError("cut_off", "the file ends before its sums");
    const { payments, paid, refunds, refunded, fee } = this.#totals;
    return { payments, paidFen: fen(paid), refunds, refundedFen: fen(refunded), feeMilliFen: fee };
  }

  #header(text: string, lineNo: number): null {
    const names = namesIn(text.startsWith(BOM) ? text.slice(BOM.length) : text);
    if (names[0] !== "交易时间") throw new StatementError("not_a_statement", "does not begin with the names of a statement", lineNo);
    const columns = new Columns(names, lineNo);
    this.#table = { columns, sums: new ColumnSums(columns), rowOf: wechatRows(columns) };
    return null;
  }

  #row({ columns, sums, rowOf }: Table, text: string, lineNo: number): StatementLine {
    const cells = cellsOf(text);
    if (cells.length !== columns.count) throw new StatementError("unreadable_line", `${cells.length} cells of ${columns.count}`, lineNo);
    const row = rowOf(cells);
    if (!row || !sums.add(cells)) throw new StatementError("unreadable_line", "a cell that makes no sense", lineNo);
    const { time, mchid, ...line } = row;
    if (mchid !== this.mchid) throw new StatementError("wrong_account", "a record of another merchant", lineNo);
    const at = this.#timeOf(time);
    if (at === null) throw new StatementError("unreadable_line", "no time", lineNo);
    if (at === "other_day") throw new StatementError("wrong_day", "a record of another day", lineNo);

    this.#rows++;
    this.#totals.fee += line.feeMilliFen;
    if (line.kind === "payment") {
      this.#totals.payments++;
      this.#totals.paid += line.amount;
    } else if (line.kind === "refund") {
      this.#totals.refunds++;
      this.#totals.refunded += line.amount;
    }
    return { lineNo, ...line, at };
  }

  #summary({ sums }: Table, names: readonly string[], text: string, lineNo: number): null {
    const values = text.startsWith("`") ? cellsOf(text) : [];
    if (values.length !== names.length) throw new StatementError("cut_off", "the sums are not whole", lineNo);
    checkSummary(names, values, { rows: this.#rows, sums, lineNo });
    this.#complete = true;
    return null;
  }
}

const namesIn = (text: string): string[] => utf8(text).split(",").map(trimmed);
