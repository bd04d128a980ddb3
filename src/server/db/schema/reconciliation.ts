import { sql } from "drizzle-orm";
import { bigint, check, foreignKey, index, integer, jsonb, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import {
  type DayStatus,
  DIFFERENCE_KINDS,
  type DifferenceKind,
  type DifferenceStatus,
  dayMachine,
  differenceMachine,
} from "~/domain/reconciliation";
import type { CivilDate } from "~/lib/time";
import { app, bytea, fenColumn, id, instant, oneOf, tenantId } from "../columns";
import { channel } from "./channel";
import { payment, paymentTransaction } from "./payment";

const civilDate = () => text().$type<CivilDate>();
/** Fees, in thousandths of a fen: WeChat Pay writes five decimals of a yuan. */
const feeColumn = () => bigint({ mode: "bigint" });

/** 对账日: one Beijing day of one channel. */
export const reconciliationDay = app.table(
  "reconciliation_day",
  {
    tenantId: tenantId(),
    id: id("reconciliation").notNull(),
    channelId: id("channel").notNull(),
    day: civilDate().notNull(),
    status: text().$type<DayStatus>().notNull(),
    /** The statement in use; null: it is to be fetched. */
    statementId: id("statement"),
    /** Why there was nothing to compare when we last asked; a stable word. */
    failureCode: text(),
    /** When it was begun, or begun anew: what cannot be had for too long after that is left to a person. */
    begunAt: instant().notNull(),
    /** How often we have asked since. */
    asks: integer().notNull().default(0),
    askedAt: instant(),
    comparedAt: instant(),
    /** Looks at the same statement since it was fetched: questions that a look has raised are answered a little later. */
    looks: integer().notNull().default(0),
    ourPayments: integer(),
    ourPaidFen: fenColumn(),
    theirPayments: integer(),
    theirPaidFen: fenColumn(),
    theirRefunds: integer(),
    theirRefundedFen: fenColumn(),
    theirFee: feeColumn(),
    /** Of theirs: what our books hold on another day. */
    otherDayPayments: integer(),
    otherDayFen: fenColumn(),
    /** Differences that were found and not listed, because there are too many: the day cannot be balanced before they are. */
    unlisted: integer().notNull().default(0),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({ columns: [t.tenantId, t.channelId], foreignColumns: [channel.tenantId, channel.id], name: "reconciliation_day_channel" }),
    uniqueIndex("reconciliation_day_of_channel").on(t.tenantId, t.channelId, t.day),
    check("reconciliation_day_status", oneOf(t.status, dayMachine.states)),
    check("reconciliation_day_day", sql`${t.day} ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'`),
    check(
      "reconciliation_day_compared",
      sql`${t.status} in ('waiting', 'failed') or (${t.comparedAt} is not null and ${t.theirPaidFen} is not null and ${t.ourPaidFen} is not null)`,
    ),
    check("reconciliation_day_listed", sql`${t.unlisted} = 0 or ${t.status} not in ('balanced', 'locked')`),
    index("reconciliation_day_by_day").on(t.tenantId, t.day),
  ],
);

/** 对账单: a statement as received, each that was ever used. Its bytes stand in `statement_piece`. */
export const statement = app.table(
  "statement",
  {
    tenantId: tenantId(),
    id: id("statement").notNull(),
    dayId: id("reconciliation").notNull(),
    /** `none`: the provider said that the day has no data. */
    format: text().$type<"zip" | "gzip" | "plain" | "none">().notNull(),
    bytes: integer().notNull(),
    sha256: text().notNull(),
    /** Null until the file is there whole. */
    fetchedAt: instant(),
    createdAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({
      columns: [t.tenantId, t.dayId],
      foreignColumns: [reconciliationDay.tenantId, reconciliationDay.id],
      name: "statement_day",
    }),
    check("statement_format", oneOf(t.format, ["zip", "gzip", "plain", "none"])),
    index("statement_by_day").on(t.tenantId, t.dayId, t.createdAt),
  ],
);

/** A piece of a statement's bytes, sealed: they name buyers. */
export const statementPiece = app.table(
  "statement_piece",
  {
    tenantId: tenantId(),
    id: id("piece").notNull(),
    statementId: id("statement").notNull(),
    no: integer().notNull(),
    contentSealed: bytea().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({
      columns: [t.tenantId, t.statementId],
      foreignColumns: [statement.tenantId, statement.id],
      name: "statement_piece_statement",
    }),
    uniqueIndex("statement_piece_no").on(t.tenantId, t.statementId, t.no),
  ],
);

/** A statement's lines while they are being compared; numbers and amounts alone. Emptied afterwards, and made again from the file if lost. */
export const statementLine = app.table(
  "statement_line",
  {
    tenantId: tenantId(),
    dayId: id("reconciliation").notNull(),
    no: integer().notNull(),
    kind: text().$type<"payment" | "refund" | "revoked">().notNull(),
    outTradeNo: text().notNull(),
    tradeNo: text().notNull(),
    refundNo: text(),
    amountFen: fenColumn().notNull(),
    fee: feeColumn().notNull(),
    /** What the statement's own rate makes of the amount; null where it names none. */
    feeByRate: feeColumn(),
    state: text().notNull(),
    at: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.dayId, t.no] }),
    foreignKey({
      columns: [t.tenantId, t.dayId],
      foreignColumns: [reconciliationDay.tenantId, reconciliationDay.id],
      name: "statement_line_day",
    }),
    check("statement_line_kind", oneOf(t.kind, ["payment", "refund", "revoked"])),
  ],
);

/** 差异: what a day's statement and our books do not agree on. */
export const difference = app.table(
  "difference",
  {
    tenantId: tenantId(),
    id: id("difference").notNull(),
    dayId: id("reconciliation").notNull(),
    channelId: id("channel").notNull(),
    kind: text().$type<DifferenceKind>().notNull(),
    /** What makes two looks find the same difference again: whose line it is, and which. */
    key: text().notNull(),
    status: text().$type<DifferenceStatus>().notNull(),
    outTradeNo: text().notNull(),
    tradeNo: text(),
    refundNo: text(),
    transactionId: id("transaction"),
    paymentId: id("payment"),
    /** Null where a side does not know of it. */
    ourFen: fenColumn(),
    theirFen: fenColumn(),
    ourFee: feeColumn(),
    theirFee: feeColumn(),
    /** Both sides' words and times; no personal data. */
    facts: jsonb().$type<DifferenceFacts>().notNull(),
    /** The other day's statement in which it was found, for what is late. */
    foundOn: civilDate(),
    ownerId: id("user").notNull(),
    reason: text(),
    openedAt: instant().notNull(),
    closedAt: instant(),
    closedBy: text(),
    updatedAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({
      columns: [t.tenantId, t.dayId],
      foreignColumns: [reconciliationDay.tenantId, reconciliationDay.id],
      name: "difference_day",
    }),
    foreignKey({ columns: [t.tenantId, t.channelId], foreignColumns: [channel.tenantId, channel.id], name: "difference_channel" }),
    foreignKey({ columns: [t.tenantId, t.paymentId], foreignColumns: [payment.tenantId, payment.id], name: "difference_payment" }),
    foreignKey({
      columns: [t.tenantId, t.transactionId],
      foreignColumns: [paymentTransaction.tenantId, paymentTransaction.id],
      name: "difference_transaction",
    }),
    uniqueIndex("difference_key").on(t.tenantId, t.dayId, t.kind, t.key),
    check("difference_kind", oneOf(t.kind, DIFFERENCE_KINDS)),
    check("difference_status", oneOf(t.status, differenceMachine.states)),
    check("difference_closed", sql`(${t.status} = 'open') = (${t.closedAt} is null) and (${t.status} = 'open') = (${t.reason} is null)`),
    check("difference_side", sql`${t.ourFen} is not null or ${t.theirFen} is not null`),
    index("difference_opened").on(t.tenantId, t.openedAt, t.id),
    index("difference_open").on(t.tenantId, t.openedAt, t.id).where(sql`${t.status} = 'open'`),
    index("difference_of_transaction").on(t.tenantId, t.transactionId),
    index("difference_out_trade_no").on(t.tenantId, t.outTradeNo),
  ],
);

export type DifferenceFacts = { ourState: string | null; theirState: string | null; ourAt: string | null; theirAt: string | null };
