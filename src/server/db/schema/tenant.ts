import { sql } from "drizzle-orm";
import { check, index, integer, primaryKey, text, unique } from "drizzle-orm/pg-core";
import { ROLES, type Role, type TenantStatus, tenantMachine } from "~/domain/tenant";
import { app, bytea, fenColumn, id, instant, oneOf, tenantId } from "../columns";

/** 租户. Stands outside the wall: it is the wall's own list. */
export const tenant = app.table(
  "tenant",
  {
    id: id("tenant").primaryKey(),
    name: text().notNull(),
    slug: text().notNull().unique(),
    status: text().$type<TenantStatus>().notNull().default("active"),
    /** The most one payment may ask for. */
    paymentMaxFen: fenColumn().notNull(),
    /** Callbacks above this are confirmed by a query before money state moves (CB-11). */
    confirmAboveFen: fenColumn().notNull(),
    /** Set while an invariant of its books is broken: no new payment begins, money under way goes on (IDEM-10). */
    haltedAt: instant(),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (t) => [
    check("tenant_status", oneOf(t.status, tenantMachine.states)),
    check("tenant_slug", sql`${t.slug} ~ '^[a-z0-9][a-z0-9-]{1,38}$'`),
  ],
);

/** 数据密钥: one per tenant and version, wrapped by a master key that never touches the database. */
export const tenantKey = app.table(
  "tenant_key",
  {
    tenantId: tenantId().references(() => tenant.id),
    version: integer().notNull(),
    masterVersion: integer().notNull(),
    wrapped: bytea().notNull(),
    createdAt: instant().notNull(),
    retiredAt: instant(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.version] })],
);

/** 用户: a person, who may belong to several tenants. Outside the wall. */
export const user = app.table(
  "user",
  {
    id: id("user").primaryKey(),
    /** Lower case. */
    email: text().notNull().unique(),
    name: text().notNull(),
    passwordHash: text().notNull(),
    isOperator: text().$type<"yes" | "no">().notNull().default("no"),
    locale: text().$type<"zh" | "en">().notNull().default("zh"),
    /** Rises with password change, disable and "sign out everywhere"; sessions of an older version are dead. */
    sessionVersion: integer().notNull().default(1),
    disabledAt: instant(),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (t) => [check("user_is_operator", oneOf(t.isOperator, ["yes", "no"])), check("user_email", sql`${t.email} = lower(${t.email})`)],
);

/** 会话: one sign-in of one person. Outside the wall; times are the machine's, not the test clock's. */
export const session = app.table(
  "session",
  {
    id: id("session").primaryKey(),
    userId: id("user")
      .notNull()
      .references(() => user.id),
    userVersion: integer().notNull(),
    activeTenantId: id("tenant").references(() => tenant.id),
    /** Set while an operator looks into a tenant by a grant. */
    grantId: id("grant"),
    createdAt: instant().notNull(),
    /** Last time the password was given (SES-09). */
    authenticatedAt: instant().notNull(),
    lastSeenAt: instant().notNull(),
    expiresAt: instant().notNull(),
    revokedAt: instant(),
    ip: text().notNull(),
    userAgent: text().notNull(),
  },
  (t) => [index("session_user").on(t.userId)],
);

/** 成员: a user in a tenant, with one role. */
export const membership = app.table(
  "membership",
  {
    tenantId: tenantId().references(() => tenant.id),
    userId: id("user")
      .notNull()
      .references(() => user.id),
    role: text().$type<Role>().notNull(),
    disabledAt: instant(),
    invitedBy: id("user"),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.userId] }),
    check("membership_role", oneOf(t.role, ROLES)),
    index("membership_user").on(t.userId),
  ],
);

/** 邀请: the token is stored hashed; its link is shown once. */
export const invitation = app.table(
  "invitation",
  {
    tenantId: tenantId().references(() => tenant.id),
    id: id("invitation").notNull(),
    email: text().notNull(),
    role: text().$type<Role>().notNull(),
    invitedBy: id("user").notNull(),
    createdAt: instant().notNull(),
    expiresAt: instant().notNull(),
    acceptedAt: instant(),
    revokedAt: instant(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.id] }), check("invitation_role", oneOf(t.role, ROLES))],
);

/** 进入授权: an operator's reasoned, time-limited way into a tenant (TEN-11). */
export const operatorGrant = app.table(
  "operator_grant",
  {
    tenantId: tenantId().references(() => tenant.id),
    id: id("grant").notNull(),
    userId: id("user").notNull(),
    reason: text().notNull(),
    createdAt: instant().notNull(),
    expiresAt: instant().notNull(),
    endedAt: instant(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.id] })],
);

/**
 * Links whose token must find its tenant before any tenant is set. Outside the wall, holding ids alone; the token is stored
 * as SHA-256.
 */
export const linkAddress = app.table(
  "link_address",
  {
    tokenHash: bytea().primaryKey(),
    kind: text().$type<"checkout" | "invitation">().notNull(),
    tenantId: id("tenant").notNull(),
    subject: text().notNull(),
    createdAt: instant().notNull(),
  },
  (t) => [
    check("link_address_kind", oneOf(t.kind, ["checkout", "invitation"])),
    unique("link_address_subject").on(t.tenantId, t.kind, t.subject),
  ],
);

/** Where a callback's channel lives. Outside the wall, holding ids alone. */
export const channelAddress = app.table(
  "channel_address",
  {
    channelId: id("channel").primaryKey(),
    tenantId: id("tenant").notNull(),
    /** Alipay app id: the seeds' four shared addresses look the app up by it. */
    appId: text().notNull(),
  },
  (t) => [index("channel_address_app").on(t.appId)],
);

/** Which tenants a person belongs to, for sign-in and switching. Outside the wall, holding ids alone; the role stands in `membership`. */
export const memberAddress = app.table(
  "member_address",
  {
    userId: id("user").notNull(),
    tenantId: id("tenant").notNull(),
  },
  (t) => [primaryKey({ columns: [t.userId, t.tenantId] })],
);

/** Tries to sign in, counted per account, device and address. Outside the wall; keys are hashed, times are the machine's. */
export const authThrottle = app.table(
  "auth_throttle",
  {
    keyHash: bytea().primaryKey(),
    count: integer().notNull(),
    startedAt: instant().notNull(),
    blockedUntil: instant().notNull(),
  },
  (t) => [index("auth_throttle_started").on(t.startedAt)],
);
