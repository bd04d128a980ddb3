import { z } from "zod";
import { CHECK_NAMES } from "./channel-check";
import { EnvironmentSchema, ProviderSchema } from "./provider-input";

/** Every kind of key material a channel may hold. Only the first group is secret. */
export const SECRET_KINDS = ["private_key", "aes_key", "api_v3_key"] as const;
export const PUBLIC_KINDS = [
  "alipay_public_key",
  "app_cert",
  "alipay_cert",
  "alipay_root_cert",
  "merchant_cert",
  "verification_key",
] as const;
export const KEY_KINDS = [...SECRET_KINDS, ...PUBLIC_KINDS] as const;
export type KeyKind = (typeof KEY_KINDS)[number];

/** How long a replaced APIv3 key still decrypts what was under way (protocol: a day). */
export const PREVIOUS_API_V3_KEY_KEPT_MS = 86_400_000;

// Control characters, line separators and halves of characters have no place in a line of text (IN-01).
const LINE = /^[^\p{Cc}\p{Zl}\p{Zp}\p{Cs}]*$/u;
const text = (max: number) => z.string().trim().min(1).max(max).regex(LINE).normalize("NFC");
/** The same over several lines. */
const prose = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .regex(/^(?:[^\p{Cc}\p{Cs}]|\r?\n)*$/u)
    .normalize("NFC");
/** PEM or bare Base64; looked at closely by the provider's parser. */
const material = z.string().trim().min(16).max(16_384);
const address = z.url().max(255);

const common = {
  name: text(50),
  environment: EnvironmentSchema,
  isDefault: z.boolean().optional(),
  returnUrl: address.nullish(),
  remark: prose(500).nullish(),
};

/** `channel.json` of the command line and the form of the page: the same fields. */
export const CreateAlipayChannel = z.strictObject({
  provider: z.literal("alipay"),
  ...common,
  appId: z.string().regex(/^\d{16,32}$/),
  sellerId: z.string().regex(/^2088\d{12}$/),
  gateway: address,
  privateKey: material,
  alipayPublicKey: material.optional(),
  appCert: material.optional(),
  alipayCert: material.optional(),
  alipayRootCert: z.string().trim().min(16).max(65_536).optional(),
  aesKey: z.string().trim().max(64).optional(),
  isIsv: z.boolean().optional(),
});

export const CreateWechatChannel = z.strictObject({
  provider: z.literal("wechat"),
  ...common,
  mchid: z.string().regex(/^\d{8,10}$/),
  appid: z.string().regex(/^wx[0-9a-zA-Z]{10,30}$/),
  baseUrl: address,
  merchantSerial: z.string().regex(/^[0-9A-Fa-f]{8,40}$/),
  merchantPrivateKey: material,
  merchantCert: material.optional(),
  apiV3Key: z.string().min(1).max(64),
  verificationKeys: z.array(z.strictObject({ id: text(64), pem: material })).max(10),
});

export const CreateChannel = z
  .discriminatedUnion("provider", [CreateAlipayChannel, CreateWechatChannel])
  .refine((channel) => channel.provider !== "wechat" || channel.environment !== "sandbox", {
    path: ["environment"],
    error: "no_wechat_sandbox",
  });
export type CreateChannelInput = z.infer<typeof CreateChannel>;

const ChannelId = z.string().regex(/^chn_[0-9a-z]{26}$/);
const SecretId = z.string().regex(/^sec_[0-9a-z]{26}$/);
const alipay = CreateAlipayChannel.shape;
const wechat = CreateWechatChannel.shape;

export const ChannelById = z.strictObject({ channelId: ChannelId });

export const ListChannels = z.strictObject({
  provider: ProviderSchema.optional(),
  environment: EnvironmentSchema.optional(),
  cursor: ChannelId.nullish(),
  limit: z.number().int().min(1).max(100).default(50),
});
export type ListChannelsInput = z.output<typeof ListChannels>;

/** What may change without new keys. App id and seller are fixed once money has been asked for with them. */
export const UpdateChannel = z.strictObject({
  channelId: ChannelId,
  name: text(50).optional(),
  remark: prose(500).nullish(),
  returnUrl: address.nullish(),
  appId: z.string().trim().min(1).max(32).optional(),
  sellerId: z.string().trim().min(1).max(32).optional(),
  baseUrl: address.optional(),
  isIsv: z.boolean().optional(),
});
export type UpdateChannelInput = z.infer<typeof UpdateChannel>;

/** New material for some fields; those left out stay. A certificate switches Alipay to certificate mode, its public key back. */
export const ReplaceKeys = z.strictObject({
  channelId: ChannelId,
  alipay: z
    .strictObject({
      privateKey: alipay.privateKey,
      alipayPublicKey: alipay.alipayPublicKey,
      appCert: alipay.appCert,
      alipayCert: alipay.alipayCert,
      alipayRootCert: alipay.alipayRootCert,
      aesKey: z.string().trim().max(64).nullable(),
    })
    .partial()
    .optional(),
  wechat: z
    .strictObject({
      merchantPrivateKey: wechat.merchantPrivateKey,
      merchantSerial: wechat.merchantSerial,
      merchantCert: wechat.merchantCert,
      apiV3Key: wechat.apiV3Key,
      /** Added to those that are there; one with the same id takes its place. */
      verificationKeys: wechat.verificationKeys,
    })
    .partial()
    .optional(),
});
export type ReplaceKeysInput = z.infer<typeof ReplaceKeys>;

/** Kinds of which several may be live at once (CB-07); of every other kind a new one retires the old. */
export const MANY_LIVE_KINDS: readonly KeyKind[] = ["alipay_cert", "verification_key"];

export const RevokeKey = z.strictObject({ channelId: ChannelId, keyId: SecretId });

export const TOKEN_SUBJECT_KINDS = ["enterprise", "merchant"] as const;
export type TokenSubjectKind = (typeof TOKEN_SUBJECT_KINDS)[number];
export const AddToken = z.strictObject({
  channelId: ChannelId,
  subjectKind: z.enum(TOKEN_SUBJECT_KINDS),
  subject: z.string().regex(/^[0-9A-Za-z_-]{1,64}$/),
  token: z.string().regex(/^[0-9A-Za-z_-]{8,128}$/),
  expiresAt: z.date().nullish(),
});
export type AddTokenInput = z.infer<typeof AddToken>;
export const RevokeToken = z.strictObject({ channelId: ChannelId, tokenId: SecretId });

export const RunCheck = z.strictObject({
  channelId: ChannelId,
  name: z.enum(CHECK_NAMES.wechat),
  /** One press of the button: its checks share one conversation with the provider. */
  run: z.string().regex(/^[0-9a-zA-Z-]{8,40}$/),
});
