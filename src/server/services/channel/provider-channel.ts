import { and, eq } from "drizzle-orm";
import { PREVIOUS_API_V3_KEY_KEPT_MS } from "~/domain/channel";
import { AppError } from "~/lib/errors";
import type { Id } from "~/lib/id";
import { Secret } from "~/lib/secret";
import { after } from "~/lib/time";
import type { Ctx } from "~/server/context";
import type { TenantVault } from "~/server/crypto/vault";
import type { Tx } from "~/server/db/client";
import { channel } from "~/server/db/schema";
import { parseCertificate as parseAlipayCertificate } from "~/server/providers/alipay/parse";
import { parsePrivateKey, parsePublicKey } from "~/server/providers/key-material";
import type { AlipayChannel, ProviderChannel, VerificationKey, WechatChannel } from "~/server/providers/port";
import { parseApiV3Key } from "~/server/providers/wechat/cipher";
import { parseMerchantPrivateKey } from "~/server/providers/wechat/parse";
import { notifyUrlsOf } from "./address";
import { isLiveRow, type KeyRow, listKeys, textOf } from "./keys";

type ChannelRow = typeof channel.$inferSelect;

/** Reads a channel with its keys parsed, deleted and disabled ones too: money may still arrive for them. Null when there is none. */
export async function readProviderChannel(tx: Tx, ctx: Ctx, vault: TenantVault, channelId: Id<"channel">): Promise<ProviderChannel | null> {
  const [row] = await tx
    .select()
    .from(channel)
    .where(and(eq(channel.tenantId, ctx.tenantId), eq(channel.id, channelId)));
  if (!row) return null;
  const keys = await listKeys(tx, ctx, channelId);
  return row.provider === "alipay" ? alipayChannel(ctx, vault, row, keys) : wechatChannel(ctx, vault, row, keys);
}

const baseOf = (ctx: Ctx, row: ChannelRow) => ({
  tenantId: row.tenantId,
  channelId: row.id,
  version: row.version,
  environment: row.environment,
  notifyUrl: notifyUrlsOf(ctx.sys.config, row.provider, row.id).trade,
  returnUrl: row.returnUrl,
});

function alipayChannel(ctx: Ctx, vault: TenantVault, row: ChannelRow, keys: readonly KeyRow[]): AlipayChannel {
  const certificates = row.keyMode === "certificate";
  const aes = newest(keys, "aes_key");
  return {
    ...baseOf(ctx, row),
    provider: "alipay",
    appId: row.appId,
    sellerId: row.sellerId,
    gateway: row.baseUrl,
    privateKey: parsePrivateKey("privateKey", textOf(vault, required(keys, "private_key"))),
    keyMode: certificates ? "certificate" : "public_key",
    verificationKeys: ringOf(
      certificates
        ? verifying(keys, "alipay_cert").map((key) => {
            const { key: publicKey, notBefore, notAfter } = parseAlipayCertificate("alipayCert", textOf(vault, key));
            return { id: key.keyId ?? key.id, key: publicKey, notBefore, notAfter, revokedAt: key.revokedAt };
          })
        : verifying(keys, "alipay_public_key").map((key) => ({
            id: "key",
            key: parsePublicKey("alipayPublicKey", textOf(vault, key)),
            notBefore: null,
            notAfter: null,
            revokedAt: key.revokedAt,
          })),
    ),
    appCertSn: certificates ? required(keys, "app_cert").keyId : null,
    alipayRootCertSn: certificates ? required(keys, "alipay_root_cert").keyId : null,
    aesKey: aes ? new Secret(Buffer.from(textOf(vault, aes), "base64")) : null,
  };
}

function wechatChannel(ctx: Ctx, vault: TenantVault, row: ChannelRow, keys: readonly KeyRow[]): WechatChannel {
  const now = ctx.now();
  const decrypting = keys
    .filter(({ kind, revokedAt }) => kind === "api_v3_key" && !revokedAt)
    .filter(({ retiredAt }) => !retiredAt || after(retiredAt, PREVIOUS_API_V3_KEY_KEPT_MS) > now)
    .reverse();
  return {
    ...baseOf(ctx, row),
    provider: "wechat",
    mchid: row.sellerId,
    appid: row.appId,
    baseUrl: row.baseUrl,
    merchantSerial: row.merchantSerial ?? "",
    privateKey: parseMerchantPrivateKey(textOf(vault, required(keys, "private_key"))),
    apiV3Keys: decrypting.map((key) => parseApiV3Key(textOf(vault, key))),
    verificationKeys: ringOf(
      verifying(keys, "verification_key").map((key) => ({
        id: key.keyId ?? key.id,
        key: parsePublicKey("verificationKeys", textOf(vault, key)),
        notBefore: key.notBefore,
        notAfter: key.notAfter,
        revokedAt: key.revokedAt,
      })),
    ),
  };
}

/** What was not replaced. Revoked keys stay in the ring, so that a message names what is wrong with it. */
const verifying = (keys: readonly KeyRow[], kind: KeyRow["kind"]) => keys.filter((key) => key.kind === kind && !key.retiredAt);

const newest = (keys: readonly KeyRow[], kind: KeyRow["kind"]) => keys.findLast((key) => key.kind === kind && isLiveRow(key));

function required(keys: readonly KeyRow[], kind: KeyRow["kind"]): KeyRow {
  const key = newest(keys, kind);
  if (!key) throw new AppError("channel_invalid", `${kind}: missing`, { field: kind, reason: "missing" });
  return key;
}

/** Where one id stands twice, the one that is not revoked counts. */
function ringOf(keys: VerificationKey[]): ReadonlyMap<string, VerificationKey> {
  const revokedFirst = [...keys].sort((a, b) => Number(a.revokedAt === null) - Number(b.revokedAt === null));
  return new Map(revokedFirst.map((key) => [key.id, key]));
}
