import { and, eq, isNull } from "drizzle-orm";
import type { ReplaceKeysInput } from "~/domain/channel";
import { AppError } from "~/lib/errors";
import type { Id } from "~/lib/id";
import type { Ctx } from "~/server/context";
import type { TenantVault } from "~/server/crypto/vault";
import type { Tx } from "~/server/db/client";
import { channelKey } from "~/server/db/schema";
import { emit } from "~/server/services/event";
import { type ChannelRow, changingChannel, writeChannel } from "./change";
import { addKeys, isLiveRow, type KeyRow, listKeys, replacedBy, retireKeys, textOf, toldOf } from "./keys";
import { ALIPAY_KINDS, type AlipayKeys, type Piece, readAlipayMaterial, readWechatMaterial } from "./material";

/** Verification keys and certificates of one channel that may be live at once. */
const LIVE_KEYS_MAX = 20;

/**
 * Puts new material in the place of old. What is given is read together with what stays, so that a channel never holds material
 * that does not parse. Throws `channel_invalid` naming the field.
 */
export async function replaceKeys(ctx: Ctx, input: ReplaceKeysInput): Promise<void> {
  const vault = await ctx.vault();
  await changingChannel(ctx, input.channelId, async (tx, row) => {
    const rows = await listKeys(tx, ctx, row.id);
    const change = row.provider === "alipay" ? alipayChange(vault, row, rows, input.alipay) : wechatChange(row, rows, input.wechat);
    if (change.pieces.length === 0 && change.retired.length === 0 && Object.keys(change.set).length === 0)
      throw new AppError("invalid_input", "nothing to replace", { reason: "empty" });

    await retireKeys(tx, ctx, change.retired);
    const added = await addKeys(tx, ctx, vault, row.id, change.pieces);
    const retired = new Set(change.retired.map(({ id }) => id));
    if (rows.filter((one) => isLiveRow(one) && !retired.has(one.id)).length + added.length > LIVE_KEYS_MAX)
      throw new AppError("limit_exceeded", "too many live keys", { max: LIVE_KEYS_MAX });
    await writeChannel(tx, ctx, row.id, change.set, true);
    await emit(tx, ctx, {
      type: "channel.key_replace",
      subject: row.id,
      details: {
        before: { keys: change.retired.map(toldOf), ...beforeOf(row, change.set) },
        after: { keys: added.map(toldOf), ...change.set },
      },
    });
  });
}

type Change = { pieces: Piece[]; retired: KeyRow[]; set: Partial<ChannelRow> };

const beforeOf = (row: ChannelRow, set: Partial<ChannelRow>) =>
  Object.fromEntries(Object.keys(set).map((field) => [field, row[field as keyof ChannelRow]]));

function alipayChange(vault: TenantVault, row: ChannelRow, rows: readonly KeyRow[], given: AlipayKeys | undefined): Change {
  if (!given) throw new AppError("invalid_input", "material of another provider", { field: "alipay" });
  const live = rows.filter(isLiveRow);
  /** The newest live text of a field. */
  const stands = (field: keyof AlipayKeys) => {
    const held = live.findLast(({ kind }) => kind === ALIPAY_KINDS[field]);
    return held && textOf(vault, held);
  };
  const certificates = given.appCert || given.alipayCert || given.alipayRootCert;
  const keyMode = certificates ? "certificate" : given.alipayPublicKey ? "public_key" : row.keyMode;
  const of = (field: "appCert" | "alipayCert" | "alipayRootCert" | "alipayPublicKey", mode: "certificate" | "public_key") =>
    keyMode === mode ? (given[field] ?? stands(field)) : undefined;
  const { pieces } = readAlipayMaterial({
    privateKey: given.privateKey ?? stands("privateKey") ?? "",
    alipayPublicKey: of("alipayPublicKey", "public_key"),
    appCert: of("appCert", "certificate"),
    alipayCert: of("alipayCert", "certificate"),
    alipayRootCert: of("alipayRootCert", "certificate"),
    aesKey: given.aesKey === null ? null : (given.aesKey ?? stands("aesKey") ?? null),
  });

  const added = pieces.filter(({ kind }) =>
    Object.entries(ALIPAY_KINDS).some(([field, k]) => k === kind && given[field as keyof AlipayKeys]),
  );
  const left = keyMode === "certificate" ? ["alipay_public_key"] : ["app_cert", "alipay_cert", "alipay_root_cert"];
  const dropped = live.filter(({ kind }) => left.includes(kind) || (kind === "aes_key" && given.aesKey === null));
  return {
    pieces: added,
    retired: [...new Set([...replacedBy(rows, added), ...dropped])],
    set: keyMode === row.keyMode ? {} : { keyMode },
  };
}

function wechatChange(row: ChannelRow, rows: readonly KeyRow[], given: ReplaceKeysInput["wechat"]): Change {
  if (!given) throw new AppError("invalid_input", "material of another provider", { field: "wechat" });
  const { merchantSerial, ...keys } = given;
  const pieces = readWechatMaterial(keys);
  const serial = merchantSerial?.toUpperCase();
  return { pieces, retired: replacedBy(rows, pieces), set: serial && serial !== row.merchantSerial ? { merchantSerial: serial } : {} };
}

/** From now on nothing that this key signed is believed. */
export async function revokeKey(ctx: Ctx, { channelId, keyId }: { channelId: string; keyId: string }): Promise<void> {
  await changingChannel(ctx, channelId, async (tx, row) => {
    const key = (await listKeys(tx, ctx, row.id)).find(({ id }) => id === keyId);
    if (!key) throw new AppError("not_found", "key");
    if (key.revokedAt) return;
    if (key.kind !== "verification_key" && key.kind !== "alipay_cert" && !(key.kind === "api_v3_key" && key.retiredAt))
      throw new AppError("not_allowed_now", "a key of which there is one is replaced, not revoked", { reason: "replace_instead" });
    await markRevoked(tx, ctx, row.id, key.id);
    await emit(tx, ctx, { type: "channel.key_revoke", subject: row.id, details: { before: toldOf(key) } });
  });
}

async function markRevoked(tx: Tx, ctx: Ctx, channelId: Id<"channel">, id: KeyRow["id"]): Promise<void> {
  await tx
    .update(channelKey)
    .set({ revokedAt: ctx.now() })
    .where(and(eq(channelKey.tenantId, ctx.tenantId), eq(channelKey.id, id), isNull(channelKey.revokedAt)));
  await writeChannel(tx, ctx, channelId, {}, true);
}
