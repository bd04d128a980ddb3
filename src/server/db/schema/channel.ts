import { sql } from "drizzle-orm";
import { boolean, check, foreignKey, index, integer, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { KEY_KINDS, type KeyKind } from "~/domain/channel";
import { type ChannelStatus, channelMachine } from "~/domain/channel-status";
import { ENVIRONMENTS, type Environment, PROVIDERS, type Provider } from "~/domain/provider";
import { app, bytea, id, instant, oneOf, tenantId } from "../columns";
import { tenant } from "./tenant";

/** 支付配置: one account at one provider (seed: ai_write_payment_config). */
export const channel = app.table(
  "channel",
  {
    tenantId: tenantId().references(() => tenant.id),
    id: id("channel").notNull(),
    provider: text().$type<Provider>().notNull(),
    name: text().notNull(),
    environment: text().$type<Environment>().notNull(),
    status: text().$type<ChannelStatus>().notNull(),
    isDefault: boolean().notNull().default(false),
    remark: text(),
    returnUrl: text(),
    /** Alipay app id, or the WeChat appid. */
    appId: text().notNull(),
    /** Alipay PID (2088…), or the WeChat mchid: who receives the money. */
    sellerId: text().notNull(),
    /** Alipay gateway, or the WeChat base address. */
    baseUrl: text().notNull(),
    keyMode: text().$type<"public_key" | "certificate" | "wechat">().notNull(),
    isIsv: boolean().notNull().default(false),
    /** WeChat merchant certificate serial, 40 upper-case hex. */
    merchantSerial: text(),
    /** Rises with every change of keys or identities. */
    version: integer().notNull().default(1),
    lastSuccessAt: instant(),
    lastCallbackAt: instant(),
    createdBy: text().notNull(),
    createdAt: instant().notNull(),
    updatedBy: text().notNull(),
    updatedAt: instant().notNull(),
    deletedAt: instant(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    check("channel_provider", oneOf(t.provider, PROVIDERS)),
    check("channel_environment", oneOf(t.environment, ENVIRONMENTS)),
    check("channel_status", oneOf(t.status, channelMachine.states)),
    check("channel_key_mode", oneOf(t.keyMode, ["public_key", "certificate", "wechat"])),
    uniqueIndex("channel_default").on(t.tenantId, t.provider, t.environment).where(sql`${t.isDefault} and ${t.deletedAt} is null`),
  ],
);

/** 密钥与证书. Secrets are in `sealed` alone; what is public is kept as PEM in `publicText`. Never updated in place: replaced. */
export const channelKey = app.table(
  "channel_key",
  {
    tenantId: tenantId(),
    id: id("secret").notNull(),
    channelId: id("channel").notNull(),
    kind: text().$type<KeyKind>().notNull(),
    /** Serial, `PUB_KEY_ID_…` or certificate number, where the kind has one. */
    keyId: text(),
    sealed: bytea(),
    publicText: text(),
    /** SHA-256, upper-case hex, of the public key (SPKI) for keys and certificates, of a keyed digest for symmetric keys. */
    fingerprint: text().notNull(),
    last4: text(),
    notBefore: instant(),
    notAfter: instant(),
    createdBy: text().notNull(),
    createdAt: instant().notNull(),
    /** Set when replaced; the previous APIv3 key still decrypts for a day after it. */
    retiredAt: instant(),
    revokedAt: instant(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({ columns: [t.tenantId, t.channelId], foreignColumns: [channel.tenantId, channel.id], name: "channel_key_channel" }),
    check("channel_key_kind", oneOf(t.kind, KEY_KINDS)),
    check("channel_key_content", sql`(${t.sealed} is null) <> (${t.publicText} is null)`),
    index("channel_key_channel").on(t.tenantId, t.channelId),
  ],
);

/** 应用授权令牌: what lets an ISV app act for an enterprise or a merchant. */
export const channelToken = app.table(
  "channel_token",
  {
    tenantId: tenantId(),
    id: id("secret").notNull(),
    channelId: id("channel").notNull(),
    subjectKind: text().$type<"enterprise" | "merchant">().notNull(),
    subject: text().notNull(),
    sealed: bytea().notNull(),
    fingerprint: text().notNull(),
    expiresAt: instant(),
    createdBy: text().notNull(),
    createdAt: instant().notNull(),
    revokedAt: instant(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({ columns: [t.tenantId, t.channelId], foreignColumns: [channel.tenantId, channel.id], name: "channel_token_channel" }),
    check("channel_token_subject_kind", oneOf(t.subjectKind, ["enterprise", "merchant"])),
    uniqueIndex("channel_token_live").on(t.tenantId, t.channelId, t.subjectKind, t.subject).where(sql`${t.revokedAt} is null`),
  ],
);
