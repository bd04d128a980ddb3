import { z } from "zod";
import { defineMachine } from "~/lib/state-machine";
import { EnvironmentSchema } from "./provider";

/** 支付配置: one account at one provider. Soft delete is `deletedAt`, outside the machine. */
export const channelMachine = defineMachine({
  states: ["enabled", "disabled"],
  initial: "disabled",
  transitions: {
    enable: { from: ["disabled"], to: "enabled" },
    disable: { from: ["enabled"], to: "disabled" },
  },
});
export type ChannelStatus = (typeof channelMachine.states)[number];

export const CHANNEL_STATUS_LABEL = {
  zh: { enabled: "使用中", disabled: "未启用" },
  en: { enabled: "Enabled", disabled: "Disabled" },
} satisfies Record<"zh" | "en", Record<ChannelStatus, string>>;

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

const text = (max: number) => z.string().trim().min(1).max(max);
/** PEM or bare Base64; looked at closely by the provider's parser. */
const material = z.string().trim().min(16).max(16_384);
const address = z.url().max(255);

const common = {
  name: text(50),
  environment: EnvironmentSchema,
  isDefault: z.boolean().optional(),
  returnUrl: address.nullish(),
  remark: z.string().trim().max(500).nullish(),
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
