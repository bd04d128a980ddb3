import { type SQLWrapper, sql } from "drizzle-orm";
import { check, foreignKey, index, integer, jsonb, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { CASE_KINDS, type CaseKind, type CaseStatus, caseMachine } from "~/domain/exception";
import { type NotificationState, notificationMachine } from "~/domain/notification";
import { PROVIDERS, type Provider } from "~/domain/provider";
import { app, bytea, fenColumn, id, instant, oneOf, tenantId } from "../columns";
import { channel } from "./channel";
import { payment, paymentTransaction } from "./payment";

/** What the index of states holds. A statement that asks by state says the same, so that the index serves whatever the state. */
export const isNotApplied = (state: SQLWrapper) => sql`${state} <> 'applied'`;

/** 收件箱: every inbound message as received. */
export const notification = app.table(
  "notification",
  {
    tenantId: tenantId(),
    id: id("notification").notNull(),
    channelId: id("channel").notNull(),
    provider: text().$type<Provider>().notNull(),
    kind: text().$type<"trade" | "refund" | "other" | "unread">().notNull(),
    /** Equal for every copy of one piece of news; refused messages carry their own id, since nothing in them is believed. */
    messageId: text().notNull(),
    state: text().$type<NotificationState>().notNull(),
    receivedAt: instant().notNull(),
    sourceIp: text().notNull(),
    /** Only the headers that verification and people need. */
    headers: jsonb().$type<Record<string, string>>().notNull(),
    /** The raw bytes, encrypted: they carry personal data. */
    bodySealed: bytea().notNull(),
    bodyBytes: integer().notNull(),
    /** The exact text that was verified, encrypted; null where it follows from the body by the same rule. */
    signedTextSealed: bytea(),
    keyId: text(),
    failedStep: text(),
    cause: text(),
    /** Steps with evidence and time, as shown. */
    steps: jsonb().$type<unknown[]>().notNull(),
    outTradeNo: text(),
    providerTradeNo: text(),
    providerState: text(),
    amountFen: fenColumn(),
    transactionId: id("transaction"),
    copies: integer().notNull().default(1),
    lastCopyAt: instant(),
    appliedAt: instant(),
    applyAttempts: integer().notNull().default(0),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({ columns: [t.tenantId, t.channelId], foreignColumns: [channel.tenantId, channel.id], name: "notification_channel" }),
    uniqueIndex("notification_message").on(t.tenantId, t.channelId, t.messageId),
    check("notification_provider", oneOf(t.provider, PROVIDERS)),
    check("notification_state", oneOf(t.state, notificationMachine.states)),
    check("notification_kind", oneOf(t.kind, ["trade", "refund", "other", "unread"])),
    index("notification_received").on(t.tenantId, t.receivedAt, t.id),
    // Nearly all are applied at once, and those are found by time.
    index("notification_open_state").on(t.tenantId, t.state, t.receivedAt, t.id).where(isNotApplied(t.state)),
    index("notification_out_trade_no").on(t.tenantId, t.outTradeNo),
    index("notification_refused").on(t.tenantId, t.channelId, t.receivedAt).where(sql`${t.state} = 'refused'`),
  ],
);

/** 异常资金: a case on the desk. */
export const exceptionCase = app.table(
  "exception_case",
  {
    tenantId: tenantId(),
    id: id("case").notNull(),
    kind: text().$type<CaseKind>().notNull(),
    status: text().$type<CaseStatus>().notNull(),
    /** What makes two reports the same case. */
    dedupeKey: text().notNull(),
    amountFen: fenColumn().notNull(),
    expectedFen: fenColumn(),
    channelId: id("channel").notNull(),
    paymentId: id("payment"),
    /** The payment's `created_at`, which never changes: so the newest payments on the desk are known without looking at them all. */
    paymentCreatedAt: instant(),
    transactionId: id("transaction"),
    notificationId: id("notification"),
    outTradeNo: text(),
    providerTradeNo: text(),
    /** What the provider says and what our books say, side by side; no personal data. */
    facts: jsonb().$type<Record<string, string | null>>().notNull(),
    ownerId: id("user"),
    reason: text(),
    openedAt: instant().notNull(),
    closedAt: instant(),
    closedBy: text(),
    updatedAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    uniqueIndex("exception_case_dedupe").on(t.tenantId, t.kind, t.dedupeKey),
    foreignKey({ columns: [t.tenantId, t.channelId], foreignColumns: [channel.tenantId, channel.id], name: "exception_case_channel" }),
    foreignKey({ columns: [t.tenantId, t.paymentId], foreignColumns: [payment.tenantId, payment.id], name: "exception_case_payment" }),
    foreignKey({
      columns: [t.tenantId, t.transactionId],
      foreignColumns: [paymentTransaction.tenantId, paymentTransaction.id],
      name: "exception_case_transaction",
    }),
    foreignKey({
      columns: [t.tenantId, t.notificationId],
      foreignColumns: [notification.tenantId, notification.id],
      name: "exception_case_notification",
    }),
    check("exception_case_kind", oneOf(t.kind, CASE_KINDS)),
    check("exception_case_status", oneOf(t.status, caseMachine.states)),
    check("exception_case_payment_time", sql`(${t.paymentId} is null) = (${t.paymentCreatedAt} is null)`),
    check("exception_case_closed", sql`(${t.status} = 'open') = (${t.closedAt} is null)`),
    index("exception_case_open").on(t.tenantId, t.status, t.openedAt, t.id),
    index("exception_case_payment").on(t.tenantId, t.paymentId),
  ],
);

/** 备注: append-only. */
export const caseNote = app.table(
  "case_note",
  {
    tenantId: tenantId(),
    id: id("note").notNull(),
    caseId: id("case").notNull(),
    authorId: text().notNull(),
    text: text().notNull(),
    createdAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({ columns: [t.tenantId, t.caseId], foreignColumns: [exceptionCase.tenantId, exceptionCase.id], name: "case_note_case" }),
    index("case_note_case").on(t.tenantId, t.caseId, t.createdAt),
  ],
);
