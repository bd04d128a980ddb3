import { randomBytes } from "node:crypto";
import type { Environment } from "~/domain/provider";
import { AppError, ProviderError } from "~/lib/errors";
import { beijingText } from "~/lib/time";
import type { AlipayChannel } from "../port";
import { isLive, signText } from "../rsa";
import { DEADLINE_MS, type ProviderResponse, send } from "../transport";
import { rawMembers } from "./json-members";
import { canonicalText, decryptContent, encryptContent, signatureBytes, verifyBytes } from "./sign";

/** The business fields of a call, in the provider's own spelling: nothing converts names on the way. */
export type BizContent = Readonly<Record<string, unknown>>;
export type GatewayCall = {
  now: () => Date;
  deadlineMs?: number;
  notifyUrl?: string | null;
  returnUrl?: string | null;
  /** An ISV acting for a merchant. */
  appAuthToken?: string | null;
};

/** An answer whose signature fits. `node` still holds a refusal as often as a success. */
export type GatewayAnswer = {
  node: Readonly<Record<string, unknown>>;
  /** The exact characters that were verified. */
  nodeText: string;
  /** The same, decrypted where the channel's answers are. */
  plainText: string;
  keyId: string;
  traceId: string | null;
  /** The gateway's clock, where it said. */
  serverTime: string | null;
  ms: number;
};

/** Asks the gateway and answers the node of a success. Throws ProviderError for everything else (protocol v2, code families). */
export async function exec(channel: AlipayChannel, method: string, biz: BizContent, call: GatewayCall): Promise<GatewayAnswer> {
  const answer = await askGateway(channel, method, biz, call);
  const failure = failureOf(answer);
  if (failure) throw failure;
  return answer;
}

/** Asks the gateway and answers whatever it said, provided that it can be verified (security CB-12). */
export async function askGateway(channel: AlipayChannel, method: string, biz: BizContent, call: GatewayCall): Promise<GatewayAnswer> {
  const { biz_content, ...common } = await signedParams(channel, method, biz, call);
  const response = await send({
    url: `${channel.gateway}?${encodeForm(common)}`,
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded;charset=utf-8", accept: "application/json" },
    body: encodeForm({ biz_content: biz_content ?? "" }),
    deadlineMs: call.deadlineMs ?? DEADLINE_MS,
    environment: channel.environment,
    breakerKey: breakerKey(channel.tenantId, channel.environment),
  });
  return readAnswer(channel, method, response, call.now());
}

/** A file of a multipart call: `name` is the field's, `fileName` only tells the type. */
export type FilePart = { name: string; fileName: string; contentType: string; bytes: Buffer };

/**
 * Asks a method that takes its fields beside files, as multipart and without `biz_content`: every text field is signed, no file is
 * (protocol, agent signing). Answers the node of a success; throws ProviderError for everything else.
 */
export async function execMultipart(
  channel: AlipayChannel,
  method: string,
  { fields, files }: { fields: Readonly<Record<string, string>>; files: readonly FilePart[] },
  call: GatewayCall,
): Promise<GatewayAnswer> {
  const common = await signed(channel, { ...commonParams(channel, method, call), ...fields });
  const own = new Set(Object.keys(fields));
  const inAddress = Object.fromEntries(Object.entries(common).filter(([name]) => !own.has(name)));
  const { contentType, body } = multipart(fields, files);
  const response = await send({
    url: `${channel.gateway}?${encodeForm(inAddress)}`,
    method: "POST",
    headers: { "content-type": contentType, accept: "application/json" },
    body,
    deadlineMs: call.deadlineMs ?? DEADLINE_MS,
    environment: channel.environment,
    breakerKey: breakerKey(channel.tenantId, channel.environment),
  });
  const answer = readAnswer(channel, method, response, call.now());
  const failure = failureOf(answer);
  if (failure) throw failure;
  return answer;
}

/** RFC 7578. Our field and file names are plain ASCII, so nothing needs escaping. */
function multipart(fields: Readonly<Record<string, string>>, files: readonly FilePart[]): { contentType: string; body: Buffer } {
  const boundary = `----xjz${randomBytes(24).toString("hex")}`;
  const head = (disposition: string, type: string) =>
    Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; ${disposition}\r\nContent-Type: ${type}\r\n\r\n`);
  const end = Buffer.from("\r\n");
  const parts = [
    ...Object.entries(fields).flatMap(([name, value]) => [
      head(`name="${name}"`, "text/plain; charset=utf-8"),
      Buffer.from(value, "utf8"),
      end,
    ]),
    ...files.flatMap(({ name, fileName, contentType, bytes }) => [head(`name="${name}"; filename="${fileName}"`, contentType), bytes, end]),
    Buffer.from(`--${boundary}--\r\n`),
  ];
  return { contentType: `multipart/form-data; boundary=${boundary}`, body: Buffer.concat(parts) };
}

/** A signed address for the buyer's browser. Nothing is sent: the trade begins when the page is opened. */
export async function pageUrl(channel: AlipayChannel, method: string, biz: BizContent, call: GatewayCall): Promise<string> {
  return `${channel.gateway}?${encodeForm(await signedParams(channel, method, biz, call))}`;
}

const breakerKey = (tenantId: string, environment: Environment) => `${tenantId}:alipay:${environment}`;

async function signedParams(channel: AlipayChannel, method: string, biz: BizContent, call: GatewayCall): Promise<Record<string, string>> {
  // Serialised once: the text that is signed is the text that is sent.
  const content = JSON.stringify(biz);
  const params = commonParams(channel, method, call);
  params.biz_content = channel.aesKey ? encryptContent(content, channel.aesKey.reveal()) : content;
  if (channel.aesKey) params.encrypt_type = "AES";
  return signed(channel, params);
}

function commonParams(channel: AlipayChannel, method: string, call: GatewayCall): Record<string, string> {
  const params: Record<string, string> = {
    app_id: channel.appId,
    charset: "utf-8",
    format: "JSON",
    method,
    sign_type: "RSA2",
    timestamp: beijingText(call.now()),
    version: "1.0",
  };
  if (call.notifyUrl) params.notify_url = call.notifyUrl;
  if (call.returnUrl) params.return_url = call.returnUrl;
  if (call.appAuthToken) params.app_auth_token = call.appAuthToken;
  if (channel.keyMode === "certificate") {
    if (!channel.appCertSn || !channel.alipayRootCertSn) throw new AppError("channel_invalid", "certificate numbers are missing");
    params.app_cert_sn = channel.appCertSn;
    params.alipay_root_cert_sn = channel.alipayRootCertSn;
  }
  return params;
}

async function signed(channel: AlipayChannel, params: Record<string, string>): Promise<Record<string, string>> {
  return { ...params, sign: await signText(canonicalText(params), channel.privateKey) };
}

function encodeForm(params: Readonly<Record<string, string>>): string {
  let text = "";
  for (const name in params) text += `${text && "&"}${name}=${encodeURIComponent(params[name] ?? "")}`;
  return text;
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Verifies and opens an answer. Whatever is doubtful about it leaves the outcome unknown: the gateway has perhaps acted. */
export function readAnswer(channel: AlipayChannel, method: string, response: ProviderResponse, now: Date): GatewayAnswer {
  const traceId = oneHeader(response, "trace_id");
  const extra = { httpStatus: response.status, ...(traceId && { traceId }) };
  const unknown = (code: string, message: string, claimed?: string, cause?: unknown) =>
    new ProviderError("unknown", code, `${method}: ${message}`, { ...extra, ...(claimed && { claimed }) }, { cause });

  if (response.status !== 200) throw unknown(`http_${response.status}`, "the gateway did not answer 200");
  let members: Map<string, string>;
  try {
    members = rawMembers(utf8.decode(response.body));
  } catch (cause) {
    throw unknown("bad_answer", "the answer is not one JSON object in UTF-8", undefined, cause);
  }
  const ownName = `${method.replaceAll(".", "_")}_response`;
  if (members.has(ownName) && members.has("error_response")) throw unknown("bad_answer", "two answers in one");
  const nodeText = members.get(ownName) ?? members.get("error_response");
  if (nodeText === undefined) throw unknown("bad_answer", `no ${ownName} in the answer`);

  const unbelieved = (code: string, message: string) => unknown(code, message, claimOf(nodeText));
  const sign = stringMember(members, "sign");
  if (!sign) throw unbelieved("unsigned", "the answer carries no signature");
  const key = answerKey(channel, stringMember(members, "alipay_cert_sn"));
  if (!key) throw unbelieved("unknown_certificate", "the answer names a certificate that this channel does not hold");
  if (!isLive(key, now)) throw unbelieved("key_expired", `the verification key ${key.id} is not valid now`);
  const signature = signatureBytes(sign);
  if (!signature || !verifyBytes(Buffer.from(nodeText, "utf8"), signature, key.key)) {
    throw unbelieved("bad_signature", "the signature of the answer does not fit");
  }

  try {
    const plainText = openText(nodeText, channel);
    const node: Record<string, unknown> = Object.create(null);
    for (const [name, raw] of rawMembers(plainText)) node[name] = JSON.parse(raw);
    return { node, nodeText, plainText, keyId: key.id, traceId, serverTime: oneHeader(response, "date"), ms: response.ms };
  } catch (cause) {
    throw unknown("bad_answer", "the verified answer cannot be read", undefined, cause);
  }
}

function answerKey(channel: AlipayChannel, certSn: string | null) {
  if (channel.keyMode === "certificate") return certSn === null ? undefined : channel.verificationKeys.get(certSn);
  return channel.verificationKeys.get("key");
}

function openText(nodeText: string, channel: AlipayChannel): string {
  // An encrypted answer is a JSON string, signed with its quotes.
  if (!nodeText.startsWith('"')) return nodeText;
  if (!channel.aesKey) throw new SyntaxError("encrypted, and the channel has no AES key");
  return decryptContent(JSON.parse(nodeText), channel.aesKey.reveal());
}

function stringMember(members: ReadonlyMap<string, string>, name: string): string | null {
  const raw = members.get(name);
  return raw?.startsWith('"') ? (JSON.parse(raw) as string) : null;
}

/** What an unverified answer says of itself, short and harmless. */
function claimOf(nodeText: string): string {
  const code = /"(?:sub_)?code"\s*:\s*"([\w.-]{1,64})"/g;
  return [...nodeText.slice(0, 2_000).matchAll(code)].map(([, word]) => word).join(" ");
}

function oneHeader(response: ProviderResponse, name: string): string | null {
  const value = response.headers[name];
  return typeof value === "string" ? value.slice(0, 128) : null;
}

/** What a verified answer means when it is no success; null when it is one (protocol v2, §1.5). */
export function failureOf({ node, plainText, traceId }: GatewayAnswer): ProviderError | null {
  const code = typeof node.code === "string" ? node.code : "";
  if (code === "10000") return null;
  const word = typeof node.sub_code === "string" && node.sub_code ? node.sub_code : code || "bad_answer";
  const said = typeof node.sub_msg === "string" ? node.sub_msg.slice(0, SAID_MAX) : "";
  const extra = { httpStatus: 200, answerText: plainText, ...(traceId && { traceId }), ...(said && { said }) };
  return new ProviderError(kindOf(code, word), word, `the gateway answered ${code} ${word}`, extra);
}

/** A reason in words is a sentence or two. */
const SAID_MAX = 500;

function kindOf(code: string, word: string): ProviderError["kind"] {
  // `isp.` words are about Alipay's own trouble; one method spells ACQ as AQC.
  if (/SYSTEM_ERROR$/.test(word) || word.startsWith("isp.") || word.endsWith("unknow-error")) return "unknown";
  if (code === "40005") return "unavailable";
  return DECLINING.has(code) ? "declined" : "unknown";
}

/** Refusals before or by the business; 20000 and every code that we do not know leave the outcome open. */
const DECLINING: ReadonlySet<string> = new Set(["20001", "40001", "40002", "40003", "40004", "40006"]);
