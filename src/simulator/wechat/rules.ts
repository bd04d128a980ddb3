import { TRADE_MAX_FEN } from "~/lib/money";
import { ipComplaint, notifyAddressComplaint, type Rule, type Rules } from "./schema";

/** The request bodies of WeChat Pay APIv3 that we serve, field by field. */

export const OUT_TRADE_NO = /^[0-9A-Za-z_\-|*]{6,32}$/;
const OUT_REFUND_NO = /^[0-9A-Za-z_\-|*@]{1,64}$/;

const text = (max: number, required = false): Rule => ({ kind: "text", max, required });
const fen = (required: boolean): Rule => ({ kind: "integer", min: 1n, max: TRADE_MAX_FEN, required });
const currency: Rule = { kind: "text", values: ["CNY"] };

const sceneInfo: Rules = {
  payer_client_ip: { kind: "text", max: 45, check: ipComplaint },
  device_id: text(32),
  store_info: { kind: "object", fields: { id: text(32, true), name: text(256), area_code: text(32), address: text(512) } },
};

const detail: Rule = {
  kind: "object",
  fields: {
    cost_price: { kind: "integer", min: 0n },
    invoice_id: text(32),
    goods_detail: {
      kind: "list",
      items: {
        kind: "object",
        fields: {
          merchant_goods_id: text(32, true),
          wechatpay_goods_id: text(32),
          goods_name: text(256),
          quantity: { kind: "integer", min: 1n, required: true },
          unit_price: { kind: "integer", min: 0n, required: true },
        },
      },
    },
  },
};

const order: Rules = {
  appid: text(32, true),
  mchid: text(32, true),
  description: text(127, true),
  out_trade_no: { kind: "text", required: true, pattern: OUT_TRADE_NO },
  notify_url: { kind: "text", required: true, max: 255, check: notifyAddressComplaint },
  time_expire: { kind: "text", max: 64, pattern: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(Z|[+-]\d{2}:\d{2})$/ },
  attach: text(128),
  goods_tag: text(32),
  limit_pay: { kind: "list", items: text(32) },
  support_fapiao: { kind: "boolean" },
  amount: { kind: "object", required: true, fields: { total: fen(true), currency } },
  detail,
  scene_info: { kind: "object", fields: sceneInfo },
  settle_info: { kind: "object", fields: { profit_sharing: { kind: "boolean" } } },
};

export const NATIVE: Rules = order;
export const APP: Rules = order;
export const JSAPI: Rules = { ...order, payer: { kind: "object", required: true, fields: { openid: text(128, true) } } };
export const H5: Rules = {
  ...order,
  scene_info: {
    kind: "object",
    required: true,
    fields: {
      ...sceneInfo,
      payer_client_ip: { kind: "text", required: true, max: 45, check: ipComplaint },
      h5_info: {
        kind: "object",
        required: true,
        fields: {
          type: { kind: "text", required: true, values: ["Wap", "iOS", "Android"] },
          app_name: text(64),
          app_url: text(128),
          bundle_id: text(128),
          package_name: text(128),
        },
      },
    },
  },
};

export const CLOSE: Rules = { mchid: text(32, true) };

export const REFUND: Rules = {
  transaction_id: text(32),
  out_trade_no: { kind: "text", pattern: OUT_TRADE_NO },
  out_refund_no: { kind: "text", required: true, pattern: OUT_REFUND_NO },
  reason: text(80),
  notify_url: { kind: "text", max: 256, check: notifyAddressComplaint },
  funds_account: { kind: "text", values: ["AVAILABLE"] },
  amount: {
    kind: "object",
    required: true,
    fields: {
      refund: fen(true),
      total: fen(true),
      currency: { kind: "text", required: true, values: ["CNY"] },
      from: {
        kind: "list",
        items: {
          kind: "object",
          fields: { account: { kind: "text", required: true, values: ["AVAILABLE", "UNAVAILABLE"] }, amount: fen(true) },
        },
      },
    },
  },
  goods_detail: {
    kind: "list",
    items: {
      kind: "object",
      fields: {
        merchant_goods_id: text(32, true),
        wechatpay_goods_id: text(32),
        goods_name: text(256),
        unit_price: { kind: "integer", min: 0n, required: true },
        refund_amount: { kind: "integer", min: 0n, required: true },
        refund_quantity: { kind: "integer", min: 1n, required: true },
      },
    },
  },
};

export const ABNORMAL_REFUND: Rules = {
  out_refund_no: { kind: "text", required: true, pattern: OUT_REFUND_NO },
  type: { kind: "text", required: true, values: ["USER_BANK_CARD", "MERCHANT_BANK_CARD"] },
  bank_type: text(16),
  bank_account: text(1024),
  real_name: text(1024),
};
