import { eq } from "drizzle-orm";
import { LRUCache } from "lru-cache";
import type { Secret } from "~/lib/secret";
import { minutes } from "~/lib/time";
import { type Database, setTenant } from "../db/client";
import { tenantKey } from "../db/schema";
import type { LiveBus } from "../live";
import { MasterKeys, newTenantSecret } from "./master-keys";
import { makeTenantVault } from "./tenant-vault";
import type { TenantVault, Vault } from "./vault";

/** News of a rotation may be lost on the way, so a copy is also loaded again after this long. Old versions stay readable meanwhile. */
const FRESH_MS = minutes(5);
const TENANTS_MAX = 10_000;

/** The event that a rotation announces for its tenant. */
export const KEY_ROTATE_EVENT = "key.rotate";

type Entry = { vault: TenantVault; loadedAt: number; unsubscribe: () => void };

/**
 * Opens the vault over the tenants' wrapped keys. Each tenant's keys are loaded once per process, by one query however many
 * callers wait for it, and dropped when the live bus tells of a rotation.
 */
export function openVault(db: Database, masterKeys: Secret<string>, live?: Pick<LiveBus, "subscribe">): Vault {
  const masters = new MasterKeys(masterKeys);
  const entries = new LRUCache<string, Entry>({ max: TENANTS_MAX, dispose: (entry) => entry.unsubscribe() });
  const loading = new Map<string, Promise<TenantVault>>();

  const forget = (tenantId: string) => {
    entries.delete(tenantId);
    loading.delete(tenantId);
  };

  /** Listens before it reads, so that no news falls between. A load that was overtaken by `forget` answers its callers but is not kept. */
  const load = (tenantId: string): Promise<TenantVault> => {
    const running = loading.get(tenantId);
    if (running) return running;
    const unsubscribe =
      live?.subscribe(
        tenantId,
        ({ type }) => type === KEY_ROTATE_EVENT && forget(tenantId),
        () => forget(tenantId),
      ) ?? (() => {});
    let kept = false;
    const started: Promise<TenantVault> = readTenantKeys(db, masters, tenantId, () => forget(tenantId))
      .then((vault) => {
        kept = loading.get(tenantId) === started;
        if (kept) entries.set(tenantId, { vault, loadedAt: performance.now(), unsubscribe });
        return vault;
      })
      .finally(() => {
        if (!kept) unsubscribe();
        if (loading.get(tenantId) === started) loading.delete(tenantId);
      });
    loading.set(tenantId, started);
    return started;
  };

  const isFresh = (entry: Entry) => performance.now() - entry.loadedAt < FRESH_MS;
  return {
    async forTenant(tenantId) {
      const entry = entries.get(tenantId);
      return entry && isFresh(entry) ? entry.vault : load(tenantId);
    },
    cached(tenantId) {
      const entry = entries.get(tenantId);
      return entry && isFresh(entry) ? entry.vault : null;
    },
    createTenantKey(tenantId) {
      const version = 1;
      return { version, ...masters.wrap(tenantId, version, newTenantSecret()) };
    },
  };
}

async function readTenantKeys(db: Database, masters: MasterKeys, tenantId: string, onUnknownVersion: () => void): Promise<TenantVault> {
  const rows = await db.orm.transaction(async (tx) => {
    await setTenant(tx, tenantId, "read only");
    return tx
      .select({ version: tenantKey.version, wrapped: tenantKey.wrapped })
      .from(tenantKey)
      .where(eq(tenantKey.tenantId, tenantId as never));
  });
  if (rows.length === 0) throw new Error("the tenant has no data key");
  const secrets = new Map(rows.map(({ version, wrapped }) => [version, masters.unwrap(tenantId, version, wrapped)]));
  return makeTenantVault(tenantId, secrets, onUnknownVersion);
}
