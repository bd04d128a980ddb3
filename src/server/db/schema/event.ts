import { sql } from "drizzle-orm";
import { bigint, customType, index, integer, jsonb, primaryKey, text, unique } from "drizzle-orm/pg-core";
import { app, bytea, id, instant, tenantId } from "../columns";
import { tenant } from "./tenant";

const xid8 = customType<{ data: string; driverData: string }>({ dataType: () => "xid8" });

/** 审计: the append-only history of everything that happened. */
export const event = app.table(
  "event",
  {
    tenantId: tenantId().references(() => tenant.id),
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
    index("event_type_at").on(t.tenantId, t.type, t.at, t.id),
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
    id: id("job").primaryKey(),
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
  (t) => [unique("outbox_once").on(t.tenantId, t.job, t.subject), index("outbox_due").on(t.dueAt)],
);
