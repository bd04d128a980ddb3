/** A refusal as WeChat Pay words it: status, code, message, and sometimes where the trouble is. */
export class WechatFailure extends Error {
  override readonly name = "WechatFailure";
  constructor(
    readonly status: number,
    readonly code: string,
    readonly words: string,
    readonly detail: unknown = undefined,
  ) {
    super(`${status} ${code}: ${words}`);
  }

  body(): string {
    return JSON.stringify({ code: this.code, message: this.words, ...(this.detail === undefined ? {} : { detail: this.detail }) });
  }
}

/** Wrong type or value of one field of the body; `pointer` such as `/body/amount/total`. */
export const paramError = (pointer: string, words: string, value?: unknown): WechatFailure =>
  new WechatFailure(400, "PARAM_ERROR", `输入源“${pointer}”映射到值字段失败：${words}`, { location: "body", value: value ?? "" });

export const missingField = (pointer: string): WechatFailure =>
  new WechatFailure(400, "PARAM_ERROR", `请求中含有未填写的必填参数“${pointer}”`, { location: "body", value: "" });

export const invalidRequest = (words: string): WechatFailure => new WechatFailure(400, "INVALID_REQUEST", words);
export const orderNotExist = (): WechatFailure => new WechatFailure(404, "ORDER_NOT_EXIST", "订单不存在");
