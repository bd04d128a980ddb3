import { type SQLWrapper, sql } from "drizzle-orm";
import { boolean, check, foreignKey, index, integer, jsonb, primaryKey, text, unique, uniqueIndex } from "drizzle-orm/pg-core";
import {
  ACCOUNTS,
  type Account,
  CLOSE_REASONS,
  type CloseReason,
  type PaymentStatus,
  paymentMachine,
  type TransactionStatus,
  transactionMachine,
} from "~/domain/payment";
import { ENVIRONMENTS, type Environment, METHODS, type Method, PROVIDERS, type Provider } from "~/domain/provider";
import { app, bytea, fenColumn, id, instant, oneOf, tenantId } from "../columns";
import { channel } from "./channel";
import { tenant } from "./tenant";

/** What the indexes by status hold. A statement that asks for such payments says the same, so that the index serves. */
export const isEnded = (closedAt: SQLWrapper) => sql`${closedAt} is not null`;
export const isRefunded = (refundedFen: SQLWrapper) => sql`${refundedFen} > 0`;
export const isTried = (method: SQLWrapper) => sql`${method} is not null`;

/** 支付单: what a buyer owes. */
export const payment = app.table(
  "payment",
  {
    tenantId: tenantId().references(() => tenant.id),
    id: id("payment").notNull(),
    /** The tenant's own number. */
    orderNo: text().notNull(),
    subject: text().notNull(),
    body: text(),
    amountFen: fenColumn().notNull(),
    refundedFen: fenColumn().notNull().default(sql`0`),
    status: text().$type<PaymentStatus>().notNull(),
    closeReason: text().$type<CloseReason>(),
    expiresAt: instant().notNull(),
    /** The attempt that paid it. */
    paidTransactionId: id("transaction"),
    paidAt: instant(),
    closedAt: instant(),
    /** Somebody asked to cancel; it is closed here only when every provider has closed its part. */
    cancelRequestedAt: instant(),
    /**
     * What the list shows and narrows by, so that no page looks at attempts: method and environment of the one that paid, else of the
     * latest, and how many there are. Written with the attempt and with the settling (`move.ts`).
     */
    method: text().$type<Method>(),
    environment: text().$type<Environment>(),
    attempts: integer().notNull().default(0),
    /** Channels the buyer may choose from; null: the tenant's defaults. */
    channelId: id("channel"),
    createdBy: text().notNull(),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    // Keeps order numbers single and finds one by its beginning: outside the C collation that takes the pattern operators.
    uniqueIndex("payment_order_no").on(t.tenantId, t.orderNo.op("text_pattern_ops")),
    check("payment_status", oneOf(t.status, paymentMachine.states)),
    check("payment_close_reason", sql`${t.closeReason} is null or ${oneOf(t.closeReason, CLOSE_REASONS)}`),
    check("payment_amount", sql`${t.amountFen} between 1 and 10000000000`),
    check("payment_refunded", sql`${t.refundedFen} between 0 and ${t.amountFen}`),
    check("payment_paid", sql`(${t.status} in ('pending', 'closed')) = (${t.paidTransactionId} is null)`),
    check("payment_method", sql`${t.method} is null or ${oneOf(t.method, METHODS)}`),
    check("payment_environment", sql`${t.environment} is null or ${oneOf(t.environment, ENVIRONMENTS)}`),
    check("payment_method_somewhere", sql`(${t.method} is null) = (${t.environment} is null)`),
    check("payment_closed_time", sql`(${t.status} = 'closed') = (${t.closedAt} is not null)`),
    foreignKey({ columns: [t.tenantId, t.channelId], foreignColumns: [channel.tenantId, channel.id], name: "payment_channel" }),
    // No index holds what a payment's settling changes, and none asks for its status: so a callback writes no entry here (decision 0012).
    // Method and environment do not change then, unless another attempt than the latest has paid.
    // What is pending stands in a table of its own.
    // The list. Ascending, and read backwards: Drizzle writes `desc nulls last`, which no `order by … desc` can use. The amount stands
    // behind, so that a walk past other amounts never leaves the index.
    index("payment_created").on(t.tenantId, t.createdAt, t.id, t.amountFen),
    // The list by status. Most payments are paid and are found in the list itself; the others may be rare.
    // The closed ones are walked past in the largest numbers: without the id, whose order a page's few rows are sorted into, an entry is
    // a third shorter and read faster.
    index("payment_closed_created").on(t.tenantId, t.createdAt, t.amountFen).where(isEnded(t.closedAt)),
    index("payment_refunded_created").on(t.tenantId, t.createdAt, t.id, t.amountFen).where(isRefunded(t.refundedFen)),
    // The list by provider, method or environment: the payments of each method in each environment in the order of the list.
    index("payment_method_created").on(t.tenantId, t.environment, t.method, t.createdAt, t.id, t.amountFen).where(isTried(t.method)),
    // The hours of the workbench, which count closed payments by the time of closing.
    index("payment_closed").on(t.tenantId, t.closedAt).where(isEnded(t.closedAt)),
    // Search by the beginning of a title.
    index("payment_subject_prefix").on(t.tenantId, t.subject.op("text_pattern_ops")),
    // The list sorted or narrowed by amount.
    index("payment_amount").on(t.tenantId, t.amountFen, t.id),
  ],
);

/**
 * 待支付: the payments whose status is pending, each once, in the order of the list. Written by the writer of that status, with it;
 * what the common callback settled leaves with the job that follows it. So whoever reads asks the status as well.
 */
export const pendingPayment = app.table(
  "pending_payment",
  {
    tenantId: tenantId(),
    /** The payment's `created_at`, which never changes. */
    createdAt: instant().notNull(),
    paymentId: id("payment").notNull(),
    /** The payment's amount, which never changes either: what an amount rules out need not be looked up. */
    amountFen: fenColumn().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.createdAt, t.paymentId] }),
    foreignKey({ columns: [t.tenantId, t.paymentId], foreignColumns: [payment.tenantId, payment.id], name: "pending_payment_payment" }),
  ],
);

/** 支付流水: one attempt (seed: ai_write_payment_transaction). */
export const paymentTransaction = app.table(
  "transaction",
  {
    tenantId: tenantId(),
    id: id("transaction").notNull(),
    paymentId: id("payment").notNull(),
    /** The payment's `created_at`, which never changes: so what is in doubt is told by time as well. */
    paymentCreatedAt: instant().notNull(),
    channelId: id("channel").notNull(),
    provider: text().$type<Provider>().notNull(),
    method: text().$type<Method>().notNull(),
    /** Our number at the provider, stored before it is called and reused on every retry. */
    outTradeNo: text().notNull(),
    /** The identities that a callback must carry, as they were when the attempt was made. */
    appId: text().notNull(),
    sellerId: text().notNull(),
    amountFen: fenColumn().notNull(),
    status: text().$type<TransactionStatus>().notNull(),
    /** The provider's own word for it. */
    providerState: text(),
    providerTradeNo: text(),
    /** What was paid as the provider says it; null until then. */
    receivedFen: fenColumn(),
    /** What the seller receives, where said. */
    receiptFen: fenColumn(),
    buyerIdSealed: bytea(),
    /** Masked by the provider, masked again by us. */
    buyerAccount: text(),
    failureCode: text(),
    /** What the buyer's side needs in order to pay; holds no secret of ours. */
    launch: jsonb().$type<{ kind: string } & Record<string, unknown>>(),
    queryCount: integer().notNull().default(0),
    lastQueryAt: instant(),
    nextQueryAt: instant(),
    paidAt: instant(),
    notifiedAt: instant(),
    /** The message that settled it. */
    notificationId: id("notification"),
    createdBy: text().notNull(),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({ columns: [t.tenantId, t.paymentId], foreignColumns: [payment.tenantId, payment.id], name: "transaction_payment" }),
    foreignKey({ columns: [t.tenantId, t.channelId], foreignColumns: [channel.tenantId, channel.id], name: "transaction_channel" }),
    unique("transaction_out_trade_no").on(t.tenantId, t.outTradeNo),
    check("transaction_status", oneOf(t.status, transactionMachine.states)),
    check("transaction_provider", oneOf(t.provider, PROVIDERS)),
    check("transaction_method", oneOf(t.method, METHODS)),
    check("transaction_amount", sql`${t.amountFen} between 1 and 10000000000`),
    check("transaction_received", sql`(${t.status} = 'succeeded') = (${t.receivedFen} is not null)`),
    // As with payments: no index holds what the callback changes. What is open, and the provider's numbers, stand in tables of their own.
    // The hours of the workbench, which count attempts by their own time.
    index("transaction_created").on(t.tenantId, t.createdAt),
    // The attempts of a payment in their order, and its foreign key.
    index("transaction_payment").on(t.tenantId, t.paymentId, t.createdAt, t.id),
    // Whether a channel has been used, and its foreign key.
    index("transaction_channel").on(t.tenantId, t.channelId),
  ],
);

/** 未决流水: the attempts that may still turn into money, each once. Written and left in the same way. */
export const openTransaction = app.table(
  "open_transaction",
  {
    tenantId: tenantId(),
    transactionId: id("transaction").notNull(),
    paymentId: id("payment").notNull(),
    /** The attempt's status is unknown. */
    inDoubt: boolean().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.transactionId] }),
    foreignKey({
      columns: [t.tenantId, t.transactionId],
      foreignColumns: [paymentTransaction.tenantId, paymentTransaction.id],
      name: "open_transaction_transaction",
    }),
    // The list of what is not certain.
    index("open_transaction_in_doubt").on(t.tenantId, t.paymentId).where(sql`${t.inDoubt}`),
  ],
);

/** 渠道流水号: whose money each of a provider's numbers was; none twice per channel. Append-only. */
export const providerTrade = app.table(
  "provider_trade",
  {
    tenantId: tenantId(),
    channelId: id("channel").notNull(),
    tradeNo: text().notNull(),
    transactionId: id("transaction").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.channelId, t.tradeNo] }),
    foreignKey({
      columns: [t.tenantId, t.transactionId],
      foreignColumns: [paymentTransaction.tenantId, paymentTransaction.id],
      name: "provider_trade_transaction",
    }),
  ],
);

/** 账目: append-only double entries. Each booking sums to zero over its accounts. */
export const entry = app.table(
  "entry",
  {
    tenantId: tenantId(),
    /** What is booked, once: "<transaction id>:receipt". */
    bookingId: text().notNull(),
    account: text().$type<Account>().notNull(),
    amountFen: fenColumn().notNull(),
    paymentId: id("payment").notNull(),
    transactionId: id("transaction").notNull(),
    bookedAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.bookingId, t.account] }),
    foreignKey({
      columns: [t.tenantId, t.transactionId],
      foreignColumns: [paymentTransaction.tenantId, paymentTransaction.id],
      name: "entry_transaction",
    }),
    check("entry_account", oneOf(t.account, ACCOUNTS)),
    check("entry_amount", sql`${t.amountFen} <> 0`),
    // Receipts by time, for the hours of the workbench. The entries of one payment are found by the names of their bookings.
    index("entry_booked").on(t.tenantId, t.bookedAt).where(sql`${t.account} = 'orders'`),
  ],
);

/** 幂等键: the answer to a money-moving request, committed together with its effect (IDEM-01, IDEM-02). */
export const idempotencyKey = app.table(
  "idempotency_key",
  {
    tenantId: tenantId().references(() => tenant.id),
    caller: text().notNull(),
    operation: text().notNull(),
    key: text().notNull(),
    requestHash: text().notNull(),
    subject: text().notNull(),
    createdAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.caller, t.operation, t.key] }),
    index("idempotency_key_created").on(t.tenantId, t.createdAt),
  ],
);

/** 小时汇总: re-derivable from payments and entries; what the workbench reads. */
export const paymentHour = app.table(
  "payment_hour",
  {
    tenantId: tenantId().references(() => tenant.id),
    /** Start of the hour, UTC (Beijing hours begin at the same instants). */
    hour: instant().notNull(),
    method: text().$type<Method | "any">().notNull(),
    /** Payments created (method "any") or attempts made. */
    createdCount: integer().notNull(),
    createdFen: fenColumn().notNull(),
    /** Payments that ended without money in this hour (method "any" only). */
    closedCount: integer().notNull().default(0),
    /** Receipts booked in this hour; they count by the hour of our books, which never changes afterwards. */
    paidCount: integer().notNull(),
    paidFen: fenColumn().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.hour, t.method] })],
);
