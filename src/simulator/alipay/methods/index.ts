import type { Twist } from "../../faults/strike";
import type { FilePart } from "../../http/multipart";
import type { AlipayAccount } from "../../state";
import { BILL_ROUTES } from "../../statement/routes";
import type { World } from "../../world";
import { queryBill } from "../bill/query";
import type { BizContent } from "../check-fields";
import { AlipayFailure } from "../errors";
import { certificateSn } from "../sign";
import { cancelBatch, confirmBatch, createBatch, queryOrder, querySignStatus, signFacetoface } from "./agent";
import { createTrade } from "./create";
import { cancelTrade, closeTradeCall } from "./end";
import { queryTrade } from "./query";
import { queryRefund, refundTrade } from "./refund";

/** One checked call: known app, valid signature, fields in order. */
export type AlipayCall = {
  world: World;
  account: AlipayAccount;
  method: string;
  common: { notifyUrl: string | null; returnUrl: string | null };
  biz: BizContent;
  /** File parts that the method knows. */
  files: readonly FilePart[];
  /** Scheme and authority for links that phones and browsers follow. */
  origin: string;
  /** The same as the caller addressed us. */
  callerOrigin: string;
  /** Answer what was true before the last change. */
  stale: boolean;
  /** Lie about the amount, by one fen. */
  isAmountOff: boolean;
  /** The fault of this call: what is wrong with a statement is decided where it is written. */
  twist: Twist | null;
};

export type AlipayResult = {
  /** The number that the journal shows: an order's or a batch's. */
  outTradeNo: string | null;
  /** Business fields of the answer; null and undefined are left out. */
  node: Record<string, unknown>;
  /** Page methods: where the browser goes. */
  page?: string;
  /** The amount asks for silence after the deed. */
  timesOut?: boolean;
};

export const METHODS: Readonly<Record<string, (call: AlipayCall) => AlipayResult>> = {
  "alipay.trade.page.pay": createTrade,
  "alipay.trade.wap.pay": createTrade,
  "alipay.trade.precreate": createTrade,
  "alipay.trade.create": createTrade,
  "alipay.trade.query": queryTrade,
  "alipay.trade.close": closeTradeCall,
  "alipay.trade.cancel": cancelTrade,
  "alipay.trade.refund": refundTrade,
  "alipay.trade.fastpay.refund.query": queryRefund,
  "alipay.open.agent.create": createBatch,
  "alipay.open.agent.facetoface.sign": signFacetoface,
  "alipay.open.agent.confirm": confirmBatch,
  "alipay.open.agent.cancel": cancelBatch,
  "alipay.open.agent.order.query": queryOrder,
  "alipay.open.agent.signstatus.query": querySignStatus,
  "alipay.open.app.alipaycert.download": downloadCertificate,
  [BILL_ROUTES.alipay.query]: queryBill,
};

export const isPageMethod = (method: string): boolean => method === "alipay.trade.page.pay" || method === "alipay.trade.wap.pay";

function downloadCertificate({ account, biz }: AlipayCall): AlipayResult {
  if (biz.required("alipay_cert_sn") !== certificateSn(account.alipayCert)) {
    throw new AlipayFailure("40004", "ALIPAY_CERT_NOT_EXIST", "支付宝证书不存在");
  }
  return { outTradeNo: null, node: { alipay_cert_content: Buffer.from(account.alipayCert).toString("base64") } };
}
