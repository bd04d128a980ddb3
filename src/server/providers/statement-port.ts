import type { Fen } from "~/lib/money";
import type { CallOptions, ProviderChannel } from "./port";

/** A day's trade statement as the provider hands it out: exactly the bytes that were received. */
export type StatementFile = { bytes: Buffer; format: "zip" | "gzip" | "plain" };

export type FetchedStatement =
  | { kind: "file"; file: StatementFile }
  /** The provider says, verifiably, that the day has no trades. */
  | { kind: "empty" }
  /** Ask again later; `code` is the provider's word. */
  | { kind: "not_ready"; code: string };

/** One row. Refund amounts are positive at both providers, whatever sign the file writes. */
export type StatementLine = {
  /** 1-based line of the inner file. */
  lineNo: number;
  /** `revoked` occurs with bar codes at WeChat Pay only; the totals count it as neither of the others. */
  kind: "payment" | "refund" | "revoked";
  /** Of the payment, on refund rows too. Somebody else's system may have chosen it: any text. */
  outTradeNo: string;
  providerTradeNo: string;
  outRefundNo: string | null;
  providerRefundNo: string | null;
  /** Payment: the order's total. Refund: what was asked for. */
  amount: Fen;
  /** Before the fee, where said: what the seller gets of a payment, what it gives back of a refund. */
  receipt: Fen | null;
  /** In hundred-thousandths of a yuan, since WeChat Pay writes five decimals. Positive: we pay. */
  feeMilliFen: bigint;
  /** Such as "0.60%". */
  rateText: string | null;
  /** 交易, 退款, SUCCESS, REVOKED; of a refund at WeChat Pay its own state, which may be FAIL or PROCESSING. */
  providerState: string;
  at: Date;
};

/** Sums of the rows, equal to what the file's own summary says. Refunds count whatever their state. */
export type StatementTotals = { payments: number; paidFen: Fen; refunds: number; refundedFen: Fen; feeMilliFen: bigint };

export interface StatementProvider<C extends ProviderChannel = ProviderChannel> {
  /** `day`: yyyy-MM-dd, a Beijing day before today. `deadlineMs` is the question's; the download has its own. Throws ProviderError. */
  fetch(channel: C, day: string, options: CallOptions): Promise<FetchedStatement>;
  /**
   * Reads a file in batches, as a stream: neither the plain text nor the lines are ever held whole. Nothing read is to be believed before
   * the totals are there: they come once the file has been compared with its own summary. Throws StatementError.
   */
  read(channel: C, day: string, file: StatementFile): AsyncGenerator<StatementLine[], StatementTotals>;
}

export type StatementErrorCode =
  | "not_a_statement"
  | "too_large"
  | "broken_archive"
  | "unknown_columns"
  | "unreadable_line"
  | "bad_totals"
  | "cut_off"
  | "wrong_account"
  | "wrong_day";

/** A file that cannot be believed, or not whole. The message names places and columns, never what stands in them. */
export class StatementError extends Error {
  override readonly name = "StatementError";
  constructor(
    readonly code: StatementErrorCode,
    message: string,
    /** 1-based line of the inner file, where one is to blame. */
    readonly lineNo: number | null = null,
    options?: { cause?: unknown },
  ) {
    super(lineNo === null ? message : `line ${lineNo}: ${message}`, options);
  }
}
