import { addDays, type CivilDate } from "~/lib/time";
import type { StatementParser } from "../statement/batches";
import { Columns } from "../statement/columns";
import { timesOf } from "../statement/day-times";
import { trimmed } from "../statement/lines";
import { StatementError, type StatementLine, type StatementTotals } from "../statement-port";
import { fromGbk } from "./gbk";
import { type AlipayRow, alipayRows } from "./statement-row";
import { AlipaySums } from "./statement-sums";

/** What comes next, in the order of the file. */
type Part = "title" | "account" | "period" | "list" | "header" | "rows" | "payments" | "refunds" | "rest";

/** The file 业务明细 of one seller and day (protocol, 6.1): four lines about it, the columns, rows, an end mark and sums. */
export class AlipayStatementParser implements StatementParser {
  #part: Part = "title";
  #rowOf: (text: string) => AlipayRow | null = () => null;
  readonly #sums = new AlipaySums();
  readonly #timeOf: ReturnType<typeof timesOf>;

  constructor(
    private readonly sellerId: string,
    private readonly day: CivilDate,
  ) {
    this.#timeOf = timesOf(day);
  }

  line(text: string, lineNo: number): StatementLine | null {
    if (this.#part === "rows" && !text.startsWith("#")) return trimmed(text) === "" ? null : this.#row(text, lineNo);
    const words = trimmed(fromGbk(text));
    if (words !== "") this.#part = this.#next(words, lineNo);
    return null;
  }

  end(): StatementTotals {
    if (this.#part === "title") throw new StatementError("not_a_statement", "the file is empty");
    if (this.#part !== "rest") throw new StatementError("cut_off", `the file ends where ${this.#part} should come`);
    return this.#sums.totals();
  }

  /** Reads one of the lines that are no rows, and says what comes after it. */
  #next(words: string, lineNo: number): Part {
    switch (this.#part) {
      case "title":
        if (!words.startsWith("#支付宝业务明细查询")) throw new StatementError("not_a_statement", "another title", lineNo);
        return "account";
      case "account":
        this.#checkAccount(words, lineNo);
        return "period";
      case "period":
        this.#checkPeriod(words, lineNo);
        return "list";
      case "list":
        if (!/^#-+业务明细列表-+$/.test(words)) throw new StatementError("not_a_statement", "no list begins", lineNo);
        return "header";
      case "header": {
        const names = words.split(",").map((name) => trimmed(name).replace("（", "(").replace("）", ")"));
        this.#rowOf = alipayRows(new Columns(names, lineNo));
        return "rows";
      }
      case "rows":
        if (!/^#-+业务明细列表结束-+$/.test(words))
          throw new StatementError("unreadable_line", "neither a row nor the end of them", lineNo);
        return "payments";
      case "payments":
        this.#sums.check("payment", words, lineNo);
        return "refunds";
      case "refunds":
        this.#sums.check("refund", words, lineNo);
        return "rest";
      case "rest":
        // Only when it was made. Rows behind the sums would be in none of them.
        if (!words.startsWith("#")) throw new StatementError("unreadable_line", "something follows the sums", lineNo);
        return "rest";
    }
  }

  #checkAccount(words: string, lineNo: number): void {
    const account = /^#账号[:：]\s*\[(\d{16,32})\]$/.exec(words)?.[1];
    if (account === undefined) throw new StatementError("not_a_statement", "no account", lineNo);
    // The account of a seller is its PID and a suffix.
    if (!account.startsWith(this.sellerId)) throw new StatementError("wrong_account", "the statement of another seller", lineNo);
  }

  #checkPeriod(words: string, lineNo: number): void {
    const time = String.raw`\[(\d{4})年(\d{2})月(\d{2})日 00:00:00\]`;
    const match = new RegExp(`^#起始日期[:：]\\s*${time}\\s+终止日期[:：]\\s*${time}$`).exec(words);
    if (!match) throw new StatementError("not_a_statement", "no period of whole days", lineNo);
    const [from, to] = [match.slice(1, 4).join("-"), match.slice(4, 7).join("-")];
    if (from !== this.day || to !== addDays(this.day, 1)) throw new StatementError("wrong_day", "the statement of another day", lineNo);
  }

  #row(text: string, lineNo: number): StatementLine {
    const row = this.#rowOf(text);
    if (!row) throw new StatementError("unreadable_line", "a row that cannot be read in exactly one way", lineNo);
    const { time, discount, ...line } = row;
    const at = this.#timeOf(time);
    if (at === null) throw new StatementError("unreadable_line", "no time", lineNo);
    if (at === "other_day") throw new StatementError("wrong_day", "a row of another day", lineNo);
    this.#sums.add(row);
    return { lineNo, ...line, at };
  }
}
