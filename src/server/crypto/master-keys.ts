import { createSecretKey, type KeyObject, randomBytes } from "node:crypto";
import type { Secret } from "~/lib/secret";
import { envelopeVersion, openEnvelope, sealEnvelope } from "./envelope";

/** What one version of a tenant's key holds. `root` is carried from version to version; see docs/decisions/0005. */
export type TenantSecret = { dataKey: Buffer; root: Buffer };

const KEY_BYTES = 32;

/** The keys that wrap tenants' keys. They come from the environment and are never in the database (KEY-01). */
export class MasterKeys {
  readonly newest: number;
  readonly #keys: ReadonlyMap<number, KeyObject>;

  /** Reads `version:base64,…`, newest first. Throws one line for people. */
  constructor(list: Secret<string>) {
    const keys = new Map<number, KeyObject>();
    let previous = Number.POSITIVE_INFINITY;
    for (const item of list.reveal().split(",")) {
      const [, digits = "", base64 = ""] = /^(\d{1,9}):([A-Za-z0-9+/]{43}=)$/.exec(item.trim()) ?? [];
      const version = Number(digits);
      if (!base64 || version < 1) throw new Error("MASTER_KEYS must be a list of version:base64 (32 bytes each), newest first");
      if (version >= previous) throw new Error("MASTER_KEYS must name each version once, newest first");
      keys.set(version, createSecretKey(Buffer.from(base64, "base64")));
      previous = version;
    }
    this.#keys = keys;
    this.newest = Math.max(...keys.keys());
  }

  /** Wraps under the newest master key, bound to the tenant and the version of the tenant's key. */
  wrap(tenantId: string, version: number, secret: TenantSecret): { masterVersion: number; wrapped: Buffer } {
    const plain = Buffer.concat([secret.dataKey, secret.root]);
    const wrapped = sealEnvelope(this.#key(this.newest), this.newest, place(tenantId, version), plain);
    plain.fill(0);
    return { masterVersion: this.newest, wrapped };
  }

  /** Throws when the master key is not at hand or the wrapping is not this tenant's and version's. */
  unwrap(tenantId: string, version: number, wrapped: Buffer): TenantSecret {
    const plain = openEnvelope(this.#key(envelopeVersion(wrapped)), place(tenantId, version), wrapped);
    if (plain.length !== 2 * KEY_BYTES) throw new Error(`tenant key ${version} has ${plain.length} bytes`);
    return { dataKey: plain.subarray(0, KEY_BYTES), root: plain.subarray(KEY_BYTES) };
  }

  #key(version: number): KeyObject {
    const key = this.#keys.get(version);
    if (!key) throw new Error(`master key ${version} is not in MASTER_KEYS`);
    return key;
  }
}

/** A fresh data key. The root stays what it was, where there is one. */
export const newTenantSecret = (root: Buffer = randomBytes(KEY_BYTES)): TenantSecret => ({ dataKey: randomBytes(KEY_BYTES), root });

const place = (tenantId: string, version: number) => ["tenant_key", tenantId, String(version)];
