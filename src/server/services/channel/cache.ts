import { eq } from "drizzle-orm";
import { LRUCache } from "lru-cache";
import { AppError } from "~/lib/errors";
import type { Id } from "~/lib/id";
import type { Fen } from "~/lib/money";
import { seconds } from "~/lib/time";
import { type Ctx, inTenant, type SystemCtx } from "~/server/context";
import { UnsealError } from "~/server/crypto/envelope";
import { KEY_ROTATE_EVENT } from "~/server/crypto/open-vault";
import type { TenantVault } from "~/server/crypto/vault";
import { tenant } from "~/server/db/schema";
import type { LiveEvent } from "~/server/live";
import type { ProviderChannel } from "~/server/providers/port";
import { findTenantOfChannel } from "./address";
import { readProviderChannel } from "./provider-channel";

/** All that the callback path needs, with no query. Disabled and deleted channels too: money may still arrive for them. */
export type CallbackChannel = { tenantId: Id<"tenant">; channel: ProviderChannel; vault: TenantVault; confirmAboveFen: Fen };

const CHANNELS_MAX = 5_000;
/** News of a change may be lost on the way: after this a copy is loaded anew behind the back of whoever uses it … */
const REFRESH_MS = seconds(20);
/** … and after this it is no longer used. The longest that a revoked key could still be believed. */
const STALE_MS = seconds(60);

type Entry = { value: CallbackChannel; loadedAt: number; unsubscribe: () => void };
type Cache = { entries: LRUCache<string, Entry>; loading: Map<string, Promise<CallbackChannel | null>> };

/** One cache for each system, known by its live bus: tests run several in one process. */
const caches = new WeakMap<SystemCtx["live"], Cache>();

function cacheOf({ live }: SystemCtx): Cache {
  let cache = caches.get(live);
  if (!cache) {
    cache = { entries: new LRUCache({ max: CHANNELS_MAX, dispose: (entry) => entry.unsubscribe() }), loading: new Map() };
    caches.set(live, cache);
  }
  return cache;
}

/** The channel when it was loaded lately, else null: ask `callbackChannel` then. Never waits. */
export function cachedChannel(sys: SystemCtx, channelId: string): CallbackChannel | null {
  const entry = cacheOf(sys).entries.get(channelId);
  if (!entry) return null;
  const age = performance.now() - entry.loadedAt;
  if (age > STALE_MS) return null;
  if (age > REFRESH_MS)
    load(sys, channelId).catch((error: unknown) => sys.log.warn({ error, channelId }, "channel could not be loaded anew"));
  return entry.value;
}

/** The channel behind an address that a provider calls; null when there is none. */
export async function callbackChannel(sys: SystemCtx, channelId: string): Promise<CallbackChannel | null> {
  return cachedChannel(sys, channelId) ?? load(sys, channelId);
}

/** A channel of this tenant for its adapter, whatever its status. Throws `not_found`, also for a neighbour's. */
export async function loadProviderChannel(ctx: Ctx, channelId: string): Promise<ProviderChannel> {
  const known = await callbackChannel(ctx.sys, channelId);
  if (known?.tenantId !== ctx.tenantId) throw new AppError("not_found", "channel", { what: "channel" });
  return known.channel;
}

/** This process changed the channel: its next user must not wait for the news to come round. */
export function forgetChannel(sys: SystemCtx, channelId: string): void {
  const { entries, loading } = cacheOf(sys);
  entries.delete(channelId);
  loading.delete(channelId);
}

/** One load however many wait for it. What was forgotten meanwhile is answered but not kept. */
function load(sys: SystemCtx, channelId: string): Promise<CallbackChannel | null> {
  const { loading } = cacheOf(sys);
  const running = loading.get(channelId);
  if (running) return running;
  const turn: { started?: Promise<CallbackChannel | null> } = {};
  const isCurrent = () => loading.get(channelId) === turn.started;
  turn.started = loadAndKeep(sys, channelId, isCurrent).finally(() => {
    if (isCurrent()) loading.delete(channelId);
  });
  loading.set(channelId, turn.started);
  return turn.started;
}

/** Listens before it reads, so that no news falls between. */
async function loadAndKeep(sys: SystemCtx, channelId: string, isCurrent: () => boolean): Promise<CallbackChannel | null> {
  const tenantId = await findTenantOfChannel(sys, channelId);
  if (!tenantId) return null;
  const forget = () => forgetChannel(sys, channelId);
  const unsubscribe = sys.live.subscribe(tenantId, (event) => concerns(event, channelId) && forget(), forget);
  let kept = false;
  try {
    const value = await readCallbackChannel(sys, tenantId, channelId as Id<"channel">);
    kept = value !== null && isCurrent();
    if (value && kept) cacheOf(sys).entries.set(channelId, { value, loadedAt: performance.now(), unsubscribe });
    return value;
  } finally {
    if (!kept) unsubscribe();
  }
}

function concerns({ type, subject }: LiveEvent, channelId: string): boolean {
  return (type.startsWith("channel.") && subject === channelId) || type.startsWith("tenant.") || type === KEY_ROTATE_EVENT;
}

async function readCallbackChannel(sys: SystemCtx, tenantId: Id<"tenant">, channelId: Id<"channel">): Promise<CallbackChannel | null> {
  const ctx = inTenant(sys, tenantId, { kind: "worker", id: "channel-cache" });
  const read = async (): Promise<CallbackChannel | null> => {
    const vault = await ctx.vault();
    return ctx.read(async (tx) => {
      const channel = await readProviderChannel(tx, ctx, vault, channelId);
      const [limits] = await tx.select({ confirmAboveFen: tenant.confirmAboveFen }).from(tenant).where(eq(tenant.id, tenantId));
      return channel && limits ? { tenantId, channel, vault, ...limits } : null;
    });
  };
  try {
    return await read();
  } catch (error) {
    // The keys were rotated since the vault's copy was made; it has dropped the copy by now.
    if (error instanceof UnsealError && error.reason === "key_version") return read();
    throw error;
  }
}
