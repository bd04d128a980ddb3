/** Codes and words of the gateway (common error families of Alipay's open platform). */
const MESSAGES = {
  "20000": "Service Currently Unavailable",
  "20001": "Insufficient Token Permissions",
  "40001": "Missing Required Arguments",
  "40002": "Invalid Arguments",
  "40003": "Insufficient Conditions",
  "40004": "Business Failed",
  "40005": "Call Limited",
  "40006": "Insufficient Permissions",
} as const;

export type AlipayFailureCode = keyof typeof MESSAGES;

/** A refusal, with the text that goes into the answer. */
export class AlipayFailure extends Error {
  override readonly name = "AlipayFailure";
  constructor(
    readonly code: AlipayFailureCode,
    readonly subCode: string,
    readonly subMsg: string,
    /** Failures before routing are answered under `error_response`. */
    readonly beforeRouting = false,
  ) {
    super(`${code} ${subCode}: ${subMsg}`);
  }

  node(): Record<string, string> {
    return { code: this.code, msg: MESSAGES[this.code], sub_code: this.subCode, sub_msg: this.subMsg };
  }
}

const WORDS: Record<string, string> = {
  "ACQ.SYSTEM_ERROR": "系统错误",
  "ACQ.TRADE_NOT_EXIST": "交易不存在",
  "ACQ.TRADE_HAS_SUCCESS": "交易已被支付",
  "ACQ.TRADE_HAS_CLOSE": "交易已经关闭",
  "ACQ.TRADE_HAS_FINISHED": "交易已完结",
  "ACQ.TRADE_STATUS_ERROR": "交易状态不合法",
  "ACQ.REASON_TRADE_STATUS_INVALID": "交易状态异常",
  "ACQ.CONTEXT_INCONSISTENT": "交易信息被篡改",
  "ACQ.TOTAL_FEE_EXCEED": "订单总金额不在允许范围内",
  "ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR": "当前时间晚于过期时间",
  "ACQ.DISCORDANT_REPEAT_REQUEST": "请求信息不一致",
  "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL": "退款金额超限",
  "ACQ.REASON_TRADE_REFUND_FEE_ERR": "退款金额无效",
  "ACQ.BUYER_SELLER_EQUAL": "买卖家不能相同",
  "ACQ.CANCEL_NOT_ALLOWED": "不允许撤销",
  "ACQ.TRADE_CANCEL_TIME_OUT": "超过撤销时间范围",
  "ACQ.SELLER_NOT_EXIST": "卖家不存在",
  BATCH_IS_NOT_EXIST: "事务不存在",
  BATCH_STATUS_IS_FINAL: "事务已是终态，不能再操作",
  BATCH_IS_EMPTY: "事务中没有业务，不能提交",
  BATCH_STATUS_NOT_SUBMIT: "事务未提交",
  NO_APP_PERMISSION: "该事务不属于当前应用",
  MERCHANT_IS_NOT_EXIST: "商户账号不存在",
  NOT_ISV_APP_TYPE: "应用不是第三方应用，不能代商户操作",
  MERCHANT_NOT_CERTIFIED: "商户账号未实名认证",
  MERCHANT_SIGN_PRODUCT_IN_AUDIT: "商户签约的产品正在审核中",
  BUSINESS_LICENSE_NO_EMPTY: "营业执照号码为空",
  FACE_TO_FACE_RATE_PARAM_ERROR: "费率参数错误，应在 0.38 至 0.6 之间",
  PRE_AUTH_TICKET_NOT_EXIST: "订单凭证不存在",
  PRE_AUTH_TICKET_EXCHANGE_FAILED: "订单凭证已被使用",
  BILL_NOT_EXIST: "账单不存在",
  INVAILID_ARGUMENTS: "参数错误",
  TYPE_NOT_SUPPORTED: "账单类型不支持",
  QUERY_SIGN_STATUS_NOT_AUTH: "没有查询该商户签约状态的权限",
};

export const businessFailure = (subCode: string, detail?: string): AlipayFailure =>
  new AlipayFailure("40004", subCode, detail ?? WORDS[subCode] ?? subCode);
export const invalidParameter = (detail: string, subCode = "ACQ.INVALID_PARAMETER"): AlipayFailure =>
  new AlipayFailure("40004", subCode, `参数无效：${detail}`);
