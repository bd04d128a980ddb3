import { errorPage } from "../cashier/page";
import { type Charset, encodeText } from "../crypto/gbk";
import { strikeAfter, strikeBefore, type Twist } from "../faults/strike";
import { answer, html, type Reply, redirect, type WireRequest } from "../http/wire";
import type { AlipayAccount } from "../state";
import type { World } from "../world";
import { sealAnswer } from "./answer";
import { type BizContent, checkFields, checkObjectFields } from "./check-fields";
import { checkCommon, type Parameters, readParameters } from "./common";
import { AlipayFailure } from "./errors";
import { METHOD_FACTS, type MethodFacts } from "./fields";
import { type AlipayResult, isPageMethod, METHODS } from "./methods";
import { readParts } from "./read-parts";
import { canonicalText, certificateSn, decryptAes, isSignedBy, rootCertificateSn } from "./sign";

type Outcome = {
  account: AlipayAccount | null;
  method: string;
  result: AlipayResult | null;
  failure: AlipayFailure | null;
  signedText: string | null;
  warnings: string[];
  certificateMode: boolean;
  encrypted: boolean;
  charset: Charset;
};

/** `/gateway.do`: every v2 method of the open platform that we serve. */
export async function serveGateway(world: World, request: WireRequest): Promise<Reply> {
  const began = performance.now();
  const { parameters, broken } = tryReadParameters(request);
  const method = parameters?.values.get("method") ?? "";
  const appId = parameters?.values.get("app_id") ?? "";
  const fault = world.faults.takeForRequest([`alipay:${appId}.${method}`, method, `alipay:${appId}`, "alipay"], method);
  const struck = await strikeBefore(fault, "alipay");

  const note = (outcome: Outcome | null, status: number | null, response: string, verdict?: string) =>
    world.note({
      kind: "request",
      provider: "alipay",
      account: appId || null,
      what: method || "gateway.do",
      outTradeNo: outcome?.result?.outTradeNo ?? outTradeNoOf(parameters),
      verdict: verdict ?? outcome?.failure?.subCode ?? "ok",
      ok: !verdict && outcome?.failure === null,
      httpStatus: status,
      ms: Math.round(performance.now() - began),
      fault: fault?.kind ?? (outcome?.result?.timesOut ? "amount …45" : null),
      warnings: outcome?.warnings ?? [],
      request: `${request.method} ${request.target}\n\n${describeParameters(parameters)}`,
      response,
      signedText: outcome?.signedText ?? null,
    });
  if (struck.reply) {
    note(null, struck.reply.kind === "answer" ? struck.reply.status : null, "", `fault:${fault?.kind}`);
    return struck.reply;
  }

  const twist = struck.twist;
  const outcome = parameters ? perform(world, request, parameters, twist) : failed(broken);
  await strikeAfter(fault);
  const silent = fault?.kind === "do_then_timeout" || (outcome.result?.timesOut && !outcome.result.page);
  if (outcome.result?.timesOut && !outcome.result.page) world.faults.count("do_then_timeout");
  if (silent) {
    note(outcome, null, "", "done, then silence");
    return { kind: "hang" };
  }
  if (isPageMethod(method)) {
    if (outcome.result?.page) {
      note(outcome, 302, outcome.result.page);
      return redirect(outcome.result.page);
    }
    const failure = outcome.failure;
    note(outcome, 200, failure ? `${failure.subCode} ${failure.subMsg}` : "");
    return html(200, errorPage({ title: "支付请求被拒绝", code: failure?.subCode ?? "", detail: failure?.subMsg ?? "" }));
  }
  const text = sealAnswer(outcome, twist, await world.strangerKey());
  note(outcome, 200, text);
  return answer(
    200,
    { "content-type": `text/html;charset=${outcome.charset}`, trace_id: crypto.randomUUID().replaceAll("-", "") },
    encodeText(text, outcome.charset),
  );
}

function tryReadParameters(request: WireRequest): { parameters: Parameters | null; broken: AlipayFailure | null } {
  try {
    return { parameters: readParameters(request), broken: null };
  } catch (error) {
    if (error instanceof AlipayFailure) return { parameters: null, broken: error };
    throw error;
  }
}

const failed = (failure: AlipayFailure | null): Outcome => ({
  account: null,
  method: "",
  result: null,
  failure,
  signedText: null,
  warnings: [],
  certificateMode: false,
  encrypted: false,
  charset: "utf-8",
});

/** Checks and executes one call. Refusals come back as values: most of them are signed answers. */
function perform(world: World, request: WireRequest, parameters: Parameters, twist: Twist | null): Outcome {
  const { values, charset } = parameters;
  const method = values.get("method") ?? "";
  const outcome: Outcome = {
    ...failed(null),
    method,
    charset,
    certificateMode: values.has("app_cert_sn"),
    encrypted: values.get("encrypt_type") === "AES",
  };
  try {
    const account = findAccount(world, values);
    outcome.account = account;
    if (twist === "rate_limited") throw new AlipayFailure("40005", "isv.app-call-limited", "应用调用次数超限");
    if (twist === "system_error") throw new AlipayFailure("20000", "isp.unknow-error", "系统繁忙");
    const facts = findMethod(method);
    checkCommon(values, isPageMethod(method), world.now());
    outcome.signedText = canonicalText(values, ["sign"]);
    checkSignature(world, account, values, charset, outcome.signedText);
    const biz = readBiz(facts, account, parameters);
    const files = parameters.files.filter(({ name }) => facts.fields[name]?.type === "file");
    const unknownFiles = parameters.files.filter((file) => !files.includes(file)).map(({ name }) => name);
    outcome.warnings = [...biz.unknown, ...unknownFiles].map((name) => `未知字段 ${name}`);
    outcome.result =
      METHODS[method]?.({
        world,
        account,
        method,
        biz,
        files,
        common: { notifyUrl: values.get("notify_url") || null, returnUrl: values.get("return_url") || null },
        origin: request.origin,
        callerOrigin: request.callerOrigin,
        stale: twist === "stale_query",
        isAmountOff: twist === "wrong_amount",
        twist,
      }) ?? null;
  } catch (error) {
    if (!(error instanceof AlipayFailure)) throw error;
    outcome.failure = error;
  }
  return outcome;
}

function findAccount(world: World, values: ReadonlyMap<string, string>): AlipayAccount {
  const appId = values.get("app_id");
  if (!appId) throw new AlipayFailure("40001", "isv.missing-app-id", "缺少应用 ID", true);
  const account = world.state.alipay.accounts.get(appId);
  if (!account) throw new AlipayFailure("40002", "isv.invalid-app-id", "无效的 AppID 参数", true);
  return account;
}

function findMethod(method: string) {
  if (method === "") throw new AlipayFailure("40001", "isv.missing-method", "缺少方法名参数", true);
  const facts = METHOD_FACTS.get(method);
  if (!facts || !METHODS[method]) throw new AlipayFailure("40002", "isv.invalid-method", "不存在的方法名", true);
  return facts;
}

/** The answer to a wrong signature tells the text that was verified, which is what makes such a mistake findable. */
function checkSignature(world: World, account: AlipayAccount, values: ReadonlyMap<string, string>, charset: Charset, text: string): void {
  const refuse = (why: string) => new AlipayFailure("40002", "isv.invalid-signature", why);
  const appCertSn = values.get("app_cert_sn");
  if (appCertSn !== undefined) {
    if (appCertSn !== certificateSn(account.appCert)) throw refuse("验签出错，app_cert_sn 与应用公钥证书不匹配");
    const bundle = world.state.alipay.authority?.bundle ?? "";
    if (values.get("alipay_root_cert_sn") !== rootCertificateSn(bundle)) throw refuse("验签出错，alipay_root_cert_sn 与支付宝根证书不匹配");
  }
  if (!isSignedBy(text, charset, values.get("sign") ?? "", account.appPublicKey)) {
    throw refuse(`验签出错，建议检查签名字符串或签名私钥与应用公钥是否匹配，网关生成的验签字符串为：${text}`);
  }
}

const readBiz = (facts: MethodFacts, account: AlipayAccount, parameters: Parameters): BizContent =>
  facts.multipart ? checkObjectFields(facts, readParts(facts, parameters)) : checkFields(facts, readBizContent(account, parameters));

function readBizContent(account: AlipayAccount, { values, multipart }: Parameters): string {
  const content = values.get("biz_content") ?? "";
  // Multipart methods have no biz_content: each field is a part of its own.
  if (multipart && content === "") return "{}";
  const encryptType = values.get("encrypt_type");
  if (!encryptType) {
    if (content !== "" && /^[A-Za-z0-9+/]+={0,2}$/.test(content)) {
      throw new AlipayFailure("40001", "isv.decryption-error-missing-encrypt-type", "缺少加密类型参数");
    }
    return content;
  }
  if (encryptType !== "AES" || !account.aesKey) throw new AlipayFailure("40002", "isv.invalid-encrypt", "加密类型无效或应用未配置密钥");
  const plain = decryptAes(content, account.aesKey);
  if (plain === null) throw new AlipayFailure("40002", "isv.invalid-encrypt", "解密失败");
  return plain;
}

const outTradeNoOf = (parameters: Parameters | null): string | null =>
  /"(?:out_trade_no|batch_no)"\s*:\s*"([^"]{1,64})"/.exec(parameters?.values.get("biz_content") ?? "")?.[1] ??
  parameters?.values.get("batch_no")?.slice(0, 64) ??
  null;

function describeParameters(parameters: Parameters | null): string {
  if (!parameters) return "";
  const lines = [...parameters.values].map(([name, value]) => `${name}=${value}`);
  return [...lines, ...parameters.files.map((file) => `${file.name}=<${file.filename}, ${file.bytes.length} bytes>`)].join("\n");
}
