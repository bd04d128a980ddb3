import { type SQLWrapper, sql } from "drizzle-orm";
import { bigint, customType, index, integer, jsonb, primaryKey, text, unique } from "drizzle-orm/pg-core";
import { app, bytea, id, instant, tenantId } from "../columns";

const xid8 = customType<{ data: string; driverData: string }>({ dataType: () => "xid8" });

/** Nouns of which every payment writes: their events carry no index by type. A statement that asks by type says the same. */
export const FREQUENT_NOUNS: readonly string[] = ["payment", "transaction"];
export const isRare = (type: SQLWrapper) => sql`${type} not like 'payment.%' and ${type} not like 'transaction.%'`;

/** 审计: the append-only history of everything that happened. */
export const event = app.table(
  "event",
  {
    /** No foreign key: it would lock the tenant's row, which all transactions of a busy tenant share. The wall and the writer hold it. */
    tenantId: tenantId(),
    id: id("event").notNull(),
    /** Dense order of insertion; with `txid` it gives the sealing order. */
    no: bigint({ mode: "bigint" }).generatedAlwaysAsIdentity().notNull(),
    /** The writing transaction: rows below the oldest running one are all visible, so the sealer never overtakes a late commit. */
    txid: xid8().notNull().default(sql`pg_current_xact_id()`),
    type: text().notNull(),
    subject: text().notNull(),
    actorKind: text().$type<"user" | "provider" | "worker" | "cli" | "buyer" | "operator">().notNull(),
    actorId: text().notNull(),
    at: instant().notNull(),
    /** Before, after and why; masked. */
    details: jsonb().$type<Record<string, unknown>>().notNull(),
    ip: text(),
    requestId: text(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    index("event_at").on(t.tenantId, t.at, t.id),
    index("event_subject").on(t.tenantId, t.subject, t.at, t.id),
    // The rare ones by kind. The frequent ones are found by time: every few events are one of theirs.
    index("event_rare_type_at").on(t.tenantId, t.type, t.at, t.id).where(isRare(t.type)),
    index("event_order").on(t.tenantId, t.txid, t.no),
  ],
);

/** 链: each sealed event's hash over its content and the hash before it. Append-only. */
export const eventSeal = app.table(
  "event_seal",
  {
    tenantId: tenantId(),
    seq: bigint({ mode: "bigint" }).notNull(),
    eventId: id("event").notNull(),
    txid: xid8().notNull(),
    no: bigint({ mode: "bigint" }).notNull(),
    hash: bytea().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.seq] }), unique("event_seal_event").on(t.tenantId, t.eventId)],
);

/** 待办: what is still to be done, by when. Outside the wall, holding ids alone, so that one worker serves all tenants. */
export const outbox = app.table(
  "outbox",
  {
    /** Tells a row from one of the same name that was done before it. */
    id: id("job").notNull(),
    tenantId: id("tenant").notNull(),
    job: text().notNull(),
    subject: text().notNull(),
    dueAt: instant().notNull(),
    attempts: integer().notNull().default(0),
    /** Rises with each enqueue, so that a finished run does not erase what was asked meanwhile. */
    version: integer().notNull().default(1),
    lastError: text(),
    createdAt: instant().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.job, t.subject], name: "outbox_once" }), index("outbox_due").on(t.dueAt)],
);
