/**
 * Envelope encryption as the rest of the house sees it (KEY-01 to KEY-03). A tenant's data key is loaded once and cached;
 * sealing and opening are then synchronous, a few microseconds.
 */

/** Where a ciphertext stands. It is bound to it: moved anywhere else, it does not open. */
export type Place = { table: string; column: string; rowId: string };

export interface TenantVault {
  readonly tenantId: string;
  /** AES-256-GCM under the newest data key. The answer carries algorithm and key version. */
  seal(place: Place, plain: Buffer | string): Buffer;
  /** Throws when anything at all is wrong; plaintext leaves only after the tag was checked. */
  open(place: Place, sealed: Buffer): Buffer;
  /** Keyed digest for exact search, 32 bytes; never a bare hash (PII-02). */
  blindIndex(purpose: string, value: string): Buffer;
  /** A link's token (26 base-32 characters) that can be made again from its subject, so that only its hash need be stored. */
  linkToken(purpose: string, subject: string): string;
}

export interface Vault {
  forTenant(tenantId: string): Promise<TenantVault>;
  /** The cached vault, when it was loaded before; for hot paths. */
  cached(tenantId: string): TenantVault | null;
  /** Creates the first data key of a new tenant, inside the transaction that creates the tenant. */
  createTenantKey(tenantId: string, now: Date): { version: number; masterVersion: number; wrapped: Buffer };
}
