import { createHmac, createSecretKey, hkdfSync, type KeyObject } from "node:crypto";
import { base32 } from "~/lib/id";
import { envelopeVersion, openEnvelope, sealEnvelope, UnsealError } from "./envelope";
import type { TenantSecret } from "./master-keys";
import type { Place, TenantVault } from "./vault";

/** Bytes of a digest that become a link's token: 26 characters of 5 bits, 130 bits. */
const TOKEN_CHARACTERS = 26;

/**
 * The opened keys of one tenant. Seals under the newest version, opens under any. `onUnknownVersion` is told when a text names
 * a version that this copy has not seen: another process rotated, and the copy must be loaded again.
 */
export function makeTenantVault(
  tenantId: string,
  secrets: ReadonlyMap<number, TenantSecret>,
  onUnknownVersion: () => void = () => {},
): TenantVault & { readonly version: number } {
  const version = Math.max(...secrets.keys());
  const newest = secrets.get(version);
  if (!newest) throw new Error("a tenant without a key");
  const keys = new Map([...secrets].map(([number, secret]) => [number, createSecretKey(secret.dataKey)]));
  const newestKey = keys.get(version) as KeyObject;
  const root = createSecretKey(newest.root);
  const subkeys = new Map<string, KeyObject>();

  /** One key for each use, so that no digest of one use means anything in another. */
  const subkey = (use: "blind-index" | "link-token", purpose: string): KeyObject => {
    const name = `${use}:${purpose}`;
    let key = subkeys.get(name);
    if (!key) {
      key = createSecretKey(Buffer.from(hkdfSync("sha256", root, tenantId, `xjz ${name}`, 32)));
      subkeys.set(name, key);
    }
    return key;
  };

  const context = (place: Place) => ["column", tenantId, place.table, place.column, place.rowId];
  return {
    tenantId,
    version,
    seal: (place, plain) => sealEnvelope(newestKey, version, context(place), plain),
    open(place, sealed) {
      const key = keys.get(envelopeVersion(sealed));
      if (!key) {
        onUnknownVersion();
        throw new UnsealError("key_version");
      }
      return openEnvelope(key, context(place), sealed);
    },
    blindIndex: (purpose, value) => createHmac("sha256", subkey("blind-index", purpose)).update(value, "utf8").digest(),
    linkToken: (purpose, subject) =>
      base32(createHmac("sha256", subkey("link-token", purpose)).update(subject, "utf8").digest().subarray(0, TOKEN_CHARACTERS)),
  };
}
