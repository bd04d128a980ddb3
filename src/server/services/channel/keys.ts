import { and, eq, inArray, isNull } from "drizzle-orm";
import { type KeyKind, MANY_LIVE_KINDS, SECRET_KINDS } from "~/domain/channel";
import { type Id, newId } from "~/lib/id";
import type { Ctx } from "~/server/context";
import type { TenantVault } from "~/server/crypto/vault";
import type { Tx } from "~/server/db/client";
import { channelKey } from "~/server/db/schema";
import type { Piece } from "./material";

export type KeyRow = typeof channelKey.$inferSelect;

const isSecret = (kind: KeyKind) => (SECRET_KINDS as readonly KeyKind[]).includes(kind);

/** Where a key's secret stands, for sealing and opening it. */
const placeOf = (rowId: string) => ({ table: "channel_key", column: "sealed", rowId });

/** What an event may tell of a key: never more than this. */
export const toldOf = ({ kind, keyId, fingerprint }: Pick<KeyRow, "kind" | "keyId" | "fingerprint">) => ({ kind, keyId, fingerprint });

/** Every key row of a channel, retired and revoked ones too. */
export function listKeys(tx: Tx, ctx: Ctx, channelId: Id<"channel">): Promise<KeyRow[]> {
  return tx
    .select()
    .from(channelKey)
    .where(and(eq(channelKey.tenantId, ctx.tenantId), eq(channelKey.channelId, channelId)))
    .orderBy(channelKey.createdAt, channelKey.id);
}

export const isLiveRow = ({ retiredAt, revokedAt }: Pick<KeyRow, "retiredAt" | "revokedAt">): boolean => !retiredAt && !revokedAt;

/** The text of a key as it was given. A secret is opened, so this stays inside the service. */
export const textOf = (vault: TenantVault, row: Pick<KeyRow, "id" | "sealed" | "publicText">): string =>
  row.sealed ? vault.open(placeOf(row.id), row.sealed).toString("utf8") : (row.publicText ?? "");

/** Stores material, secrets sealed. Answers the rows that were written. */
export async function addKeys(tx: Tx, ctx: Ctx, vault: TenantVault, channelId: Id<"channel">, pieces: readonly Piece[]): Promise<KeyRow[]> {
  if (pieces.length === 0) return [];
  return tx
    .insert(channelKey)
    .values(
      pieces.map(({ text, fingerprint, ...piece }) => {
        const id = newId("secret");
        const secret = isSecret(piece.kind);
        return {
          ...piece,
          tenantId: ctx.tenantId,
          id,
          channelId,
          sealed: secret ? vault.seal(placeOf(id), text) : null,
          publicText: secret ? null : text,
          // A bare digest of a short key could be found by trying; under the tenant's key it cannot.
          fingerprint: fingerprint ?? vault.blindIndex(`fingerprint:${piece.kind}`, text).toString("hex").toUpperCase(),
          createdBy: ctx.actor.id,
          createdAt: ctx.now(),
        };
      }),
    )
    .returning();
}

/** Retires what these pieces take the place of: every live row of a kind that has one, the row of the same id where several are live. */
export function replacedBy(rows: readonly KeyRow[], pieces: readonly Piece[]): KeyRow[] {
  return rows.filter((row) =>
    pieces.some(
      ({ kind, keyId }) => isLiveRow(row) && row.kind === kind && (!MANY_LIVE_KINDS.includes(kind) || (row.keyId ?? null) === keyId),
    ),
  );
}

export async function retireKeys(tx: Tx, ctx: Ctx, rows: readonly KeyRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx
    .update(channelKey)
    .set({ retiredAt: ctx.now() })
    .where(
      and(
        eq(channelKey.tenantId, ctx.tenantId),
        inArray(
          channelKey.id,
          rows.map(({ id }) => id),
        ),
        isNull(channelKey.retiredAt),
      ),
    );
}
