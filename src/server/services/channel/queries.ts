import { and, asc, desc, eq, inArray, isNull, sql } from "drizzle-orm";
import { KEY_KINDS, type ListChannelsInput } from "~/domain/channel";
import { type Environment, type Method, methodProvider, methodsOf, type Provider } from "~/domain/provider";
import { AppError } from "~/lib/errors";
import type { Id } from "~/lib/id";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { channel, channelKey, channelToken } from "~/server/db/schema";
import { notifyUrlsOf } from "./address";
import type { ChannelRow } from "./change";

/** What anybody may see of a key: never the key (KEY-04). Secret columns are not even read. */
const shownOfKey = {
  id: channelKey.id,
  kind: channelKey.kind,
  keyId: channelKey.keyId,
  fingerprint: channelKey.fingerprint,
  last4: channelKey.last4,
  notBefore: channelKey.notBefore,
  notAfter: channelKey.notAfter,
  createdAt: channelKey.createdAt,
  retiredAt: channelKey.retiredAt,
  revokedAt: channelKey.revokedAt,
};

const shownOfToken = {
  id: channelToken.id,
  subjectKind: channelToken.subjectKind,
  subject: channelToken.subject,
  fingerprint: channelToken.fingerprint,
  expiresAt: channelToken.expiresAt,
  createdAt: channelToken.createdAt,
  revokedAt: channelToken.revokedAt,
};

export type KeyView = Pick<typeof channelKey.$inferSelect, keyof typeof shownOfKey>;
export type TokenView = Pick<typeof channelToken.$inferSelect, keyof typeof shownOfToken>;
export type ChannelView = ReturnType<typeof viewOf> & { keys: KeyView[] };

function viewOf(ctx: Ctx, row: ChannelRow) {
  return {
    id: row.id,
    provider: row.provider,
    name: row.name,
    environment: row.environment,
    status: row.status,
    isDefault: row.isDefault,
    remark: row.remark,
    returnUrl: row.returnUrl,
    appId: row.appId,
    sellerId: row.sellerId,
    baseUrl: row.baseUrl,
    keyMode: row.keyMode,
    isIsv: row.isIsv,
    merchantSerial: row.merchantSerial,
    methods: methodsOf(row.provider),
    notifyUrls: notifyUrlsOf(ctx.sys.config, row.provider, row.id),
    lastSuccessAt: row.lastSuccessAt,
    lastCallbackAt: row.lastCallbackAt,
    createdBy: row.createdBy,
    createdAt: row.createdAt,
    updatedBy: row.updatedBy,
    updatedAt: row.updatedAt,
  };
}

/** Newest first, with the keys in force. Deleted channels are left out. */
export async function listChannels(ctx: Ctx, input: ListChannelsInput): Promise<{ items: ChannelView[]; nextCursor: string | null }> {
  const { provider, environment, cursor, limit } = input;
  return ctx.read(async (tx) => {
    const from = cursor
      ? sql`(${channel.createdAt}, ${channel.id}) < (select c.created_at, c.id from app.channel c where c.tenant_id = ${ctx.tenantId} and c.id = ${cursor})`
      : undefined;
    const rows = await tx
      .select()
      .from(channel)
      .where(
        and(
          eq(channel.tenantId, ctx.tenantId),
          isNull(channel.deletedAt),
          provider && eq(channel.provider, provider),
          environment && eq(channel.environment, environment),
          from,
        ),
      )
      .orderBy(desc(channel.createdAt), desc(channel.id))
      .limit(limit + 1);
    const page = rows.slice(0, limit);
    const keys =
      page.length > 0
        ? await keysInForce(
            tx,
            ctx,
            page.map(({ id }) => id),
          )
        : [];
    const items = page.map((row) => ({
      ...viewOf(ctx, row),
      keys: inShownOrder(keys.filter(({ channelId }) => channelId === row.id).map(({ channelId: _, ...key }) => key)),
    }));
    return { items, nextCursor: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
  });
}

function keysInForce(tx: Tx, ctx: Ctx, channelIds: Id<"channel">[]) {
  return tx
    .select({ ...shownOfKey, channelId: channelKey.channelId })
    .from(channelKey)
    .where(
      and(
        eq(channelKey.tenantId, ctx.tenantId),
        inArray(channelKey.channelId, channelIds),
        isNull(channelKey.retiredAt),
        isNull(channelKey.revokedAt),
      ),
    )
    .orderBy(channelKey.createdAt, channelKey.id);
}

/** By kind; what was made in one moment would otherwise stand in any order. Within a kind, the oldest first. */
const inShownOrder = (keys: KeyView[]): KeyView[] => [...keys].sort((a, b) => KEY_KINDS.indexOf(a.kind) - KEY_KINDS.indexOf(b.kind));

/** Former keys shown beside those in force. */
const FORMER_KEYS_MAX = 20;

/** One channel with all that is shown of its keys and tokens. Throws `not_found`. */
export async function getChannel(ctx: Ctx, channelId: string) {
  return ctx.read(async (tx) => {
    const row = await findChannel(tx, ctx, channelId);
    if (!row || row.deletedAt) throw new AppError("not_found", "channel", { what: "channel" });
    const keys = await tx
      .select(shownOfKey)
      .from(channelKey)
      .where(and(eq(channelKey.tenantId, ctx.tenantId), eq(channelKey.channelId, row.id)))
      .orderBy(desc(channelKey.createdAt), desc(channelKey.id));
    const tokens = await tx
      .select(shownOfToken)
      .from(channelToken)
      .where(and(eq(channelToken.tenantId, ctx.tenantId), eq(channelToken.channelId, row.id), isNull(channelToken.revokedAt)))
      .orderBy(desc(channelToken.createdAt), desc(channelToken.id))
      .limit(100);
    const inForce = inShownOrder(keys.filter(({ retiredAt, revokedAt }) => !retiredAt && !revokedAt).reverse());
    const former = keys.filter(({ retiredAt, revokedAt }) => retiredAt || revokedAt).slice(0, FORMER_KEYS_MAX);
    return { ...viewOf(ctx, row), keys: inForce, formerKeys: former, tokens };
  });
}
export type ChannelDetail = Awaited<ReturnType<typeof getChannel>>;

export async function findChannel(tx: Tx, ctx: Ctx, channelId: string): Promise<ChannelRow | null> {
  const [row] = await tx
    .select()
    .from(channel)
    .where(and(eq(channel.tenantId, ctx.tenantId), eq(channel.id, channelId as Id<"channel">)));
  return row ?? null;
}

/** Real money first: a tenant that is live does not mean its simulator. */
const ENVIRONMENT_ORDER: readonly Environment[] = ["live", "sandbox", "simulator"];

/**
 * The channels through which a payment may be made now, one for each provider: the one the payment prefers, and for other
 * providers the default of the same environment. Without a preference, the defaults of the first environment that has any.
 */
export async function listUsableChannels(tx: Tx, ctx: Ctx, preferred: Id<"channel"> | null): Promise<ChannelRow[]> {
  const rows = await tx
    .select()
    .from(channel)
    .where(and(eq(channel.tenantId, ctx.tenantId), isNull(channel.deletedAt), eq(channel.status, "enabled")))
    // A buyer meets the same order at every visit.
    .orderBy(asc(channel.provider), asc(channel.createdAt), asc(channel.id));
  const chosen = preferred ? rows.find(({ id }) => id === preferred) : undefined;
  // A payment that was asked for in one environment must never be paid in another.
  const environment = preferred
    ? (chosen?.environment ?? (await findChannel(tx, ctx, preferred))?.environment)
    : ENVIRONMENT_ORDER.find((one) => rows.some((row) => row.isDefault && row.environment === one));
  const defaults = rows.filter((row) => row.isDefault && row.environment === environment && row.provider !== chosen?.provider);
  return chosen ? [chosen, ...defaults] : defaults;
}

/** The channel for a new attempt. Throws `channel_missing` when none may be used, `not_found` for one that is not the tenant's. */
export async function chooseChannel(
  tx: Tx,
  ctx: Ctx,
  { method, channelId, preferred }: { method: Method; channelId: Id<"channel"> | null; preferred: Id<"channel"> | null },
): Promise<ChannelRow> {
  const provider: Provider = methodProvider(method);
  if (!channelId) {
    const usable = (await listUsableChannels(tx, ctx, preferred)).find((row) => row.provider === provider);
    if (!usable) throw new AppError("channel_missing", "no channel is enabled for this method", { provider, reason: "no_default" });
    return usable;
  }
  const row = await findChannel(tx, ctx, channelId);
  if (!row || row.deletedAt) throw new AppError("not_found", "channel", { what: "channel" });
  if (row.provider !== provider)
    throw new AppError("invalid_input", "method of another provider", { field: "method", provider: row.provider });
  if (row.status !== "enabled") throw new AppError("channel_missing", "the channel is not enabled", { provider, reason: "disabled" });
  return row;
}
