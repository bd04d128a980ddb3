import { z } from "zod";
import { PROVIDER_ORDER_STATES } from "~/domain/facetoface";
import { PICTURE_MIME } from "~/domain/picture";
import { ProviderError } from "~/lib/errors";
import { Secret } from "~/lib/secret";
import { seconds } from "~/lib/time";
import {
  type AgentOrderView,
  type AgentPicture,
  type AgentProvider,
  type AgentTokens,
  BATCH_GONE,
  type FacetofaceApplication,
} from "../agent-port";
import type { AlipayChannel } from "../port";
import { addressRefusal, DEADLINE_MS, retrying } from "../transport";
import { exec, execMultipart, type FilePart, type GatewayAnswer } from "./client";

/** Up to 25 MB of pictures. */
const SIGN_DEADLINE_MS = seconds(60);

const createBatch: AgentProvider["createBatch"] = async (channel, { account, contact, orderTicket }, options) => {
  const answer = await exec(
    channel,
    "alipay.open.agent.create",
    {
      account,
      contact_info: {
        contact_name: contact.name,
        contact_mobile: contact.mobile,
        ...(contact.email && { contact_email: contact.email }),
      },
      ...(orderTicket && { order_ticket: orderTicket }),
    },
    options,
  );
  const { batch_no, batch_status } = read(CreateAnswer, answer);
  if (batch_status !== undefined && batch_status !== "init") throw badAnswer(answer, `a new batch in state ${batch_status}`);
  return { batchNo: batch_no, answerText: answer.plainText };
};

const signFacetoface: AgentProvider["signFacetoface"] = async (channel, application, options) => {
  const answer = await execMultipart(
    channel,
    "alipay.open.agent.facetoface.sign",
    { fields: fieldsOf(application), files: application.pictures.map(fileOf) },
    { now: options.now, deadlineMs: options.deadlineMs ?? SIGN_DEADLINE_MS },
  );
  return { answerText: answer.plainText };
};

/** What is not given is left out: Alipay takes an empty text for a wrong one. */
function fieldsOf(application: FacetofaceApplication): Record<string, string> {
  const { shopAddress: address } = application;
  const fields: Record<string, string | null> = {
    batch_no: application.batchNo,
    mcc_code: application.mccCode,
    rate: application.rate,
    sign_and_auth: String(application.signAndAuth),
    shop_name: application.shopName,
    shop_address: JSON.stringify({
      country_code: "156",
      province_code: address.provinceCode,
      city_code: address.cityCode,
      district_code: address.districtCode,
      detail_address: address.detail,
      ...(address.longitude && address.latitude && { longitude: address.longitude, latitude: address.latitude }),
    }),
    business_license_no: application.businessLicenseNo,
    business_license_mobile: application.businessLicenseMobile,
    date_limitation: application.licenseValidUntil,
    long_term: application.businessLicenseNo === null ? null : String(application.licenseLongTerm),
  };
  return Object.fromEntries(Object.entries(fields).filter((field): field is [string, string] => field[1] !== null));
}

/** The file's name is ours: a name from outside would go into the header of its part. */
const fileOf = ({ slot, type, bytes }: AgentPicture): FilePart => ({
  name: `${slot}_pic`,
  fileName: `${slot}.${type}`,
  contentType: PICTURE_MIME[type],
  bytes,
});

const confirmBatch: AgentProvider["confirmBatch"] = async (channel, batchNo, options) => {
  const answer = await exec(channel, "alipay.open.agent.confirm", { batch_no: batchNo }, options);
  const { order_no, ...tokens } = read(ConfirmAnswer, answer);
  return { orderNo: order_no ?? null, tokens: tokensOf(tokens), answerText: withoutTokens(answer) };
};

function tokensOf(answer: Omit<z.infer<typeof ConfirmAnswer>, "order_no">): AgentTokens | null {
  if (answer.app_auth_token === undefined) return null;
  return {
    appAuthToken: new Secret(answer.app_auth_token),
    appRefreshToken: answer.app_refresh_token === undefined ? null : new Secret(answer.app_refresh_token),
    authAppId: answer.auth_app_id ?? null,
    userId: answer.user_id ?? null,
    expiresIn: answer.expires_in === undefined ? null : Number(answer.expires_in),
  };
}

/** The record of calls shows answers to people; a token is nobody's to see. */
function withoutTokens({ node, plainText }: GatewayAnswer): string {
  let text = plainText;
  for (const name of ["app_auth_token", "app_refresh_token"]) {
    const given = node[name];
    if (typeof given === "string" && given) text = text.replaceAll(given, "******");
  }
  return text;
}

const cancelBatch: AgentProvider["cancelBatch"] = async (channel, batchNo, options) => {
  try {
    await retrying({ totalMs: options.deadlineMs ?? DEADLINE_MS, attempts: 2, on: ["unavailable"] }, (deadlineMs) =>
      exec(channel, "alipay.open.agent.cancel", { batch_no: batchNo }, { now: options.now, deadlineMs }),
    );
    return "cancelled";
  } catch (error) {
    if (!isDeclined(error, BATCH_GONE)) throw error;
    return error.code === "BATCH_STATUS_IS_FINAL" ? "final" : "absent";
  }
};

const queryOrder: AgentProvider["queryOrder"] = async (channel, batchNo, options) => {
  try {
    const answer = await retrying(
      { totalMs: options.deadlineMs ?? DEADLINE_MS, attempts: 2, on: ["unavailable", "unknown"] },
      (deadlineMs) => exec(channel, "alipay.open.agent.order.query", { batch_no: batchNo }, { now: options.now, deadlineMs }),
    );
    return { kind: "order", order: viewOf(read(OrderAnswer, answer), channel), answerText: answer.plainText };
  } catch (error) {
    if (isDeclined(error, NOT_SUBMITTED)) return { kind: "not_submitted" };
    if (isDeclined(error, ABSENT)) return { kind: "absent" };
    throw error;
  }
};

const NOT_SUBMITTED: ReadonlySet<string> = new Set(["BATCH_STATUS_NOT_SUBMIT"]);
const ABSENT: ReadonlySet<string> = new Set(["BATCH_IS_NOT_EXIST", "INVALID_BATCH_NO"]);

const isDeclined = (error: unknown, codes: ReadonlySet<string>): error is ProviderError =>
  error instanceof ProviderError && error.kind === "declined" && codes.has(error.code);

const NUMBER = z.string().regex(/^[0-9A-Za-z_-]{1,64}$/);
/** Absent and empty are one: some gateways send every field. */
const text = (max: number) =>
  z
    .string()
    .max(max)
    .transform((value) => (value === "" ? undefined : value))
    .optional();

const CreateAnswer = z.object({ batch_no: NUMBER, batch_status: z.string().max(32).optional() });
const ConfirmAnswer = z.object({
  order_no: text(64),
  app_auth_token: text(256),
  app_refresh_token: text(256),
  auth_app_id: text(32),
  user_id: text(64),
  expires_in: z
    .string()
    .regex(/^\d{1,10}$/)
    .optional(),
});
const OrderAnswer = z.object({
  order_status: z.enum(PROVIDER_ORDER_STATES),
  order_no: text(64),
  merchant_pid: text(32),
  agent_app_id: text(32),
  confirm_url: text(2_000),
  reject_reason: text(2_000),
  product_agent_status_infos: z
    .array(
      z.object({
        product_code: z.string().max(64),
        product_name: text(128),
        status: z.string().max(32),
        reject_reason: text(2_000),
      }),
    )
    .max(20)
    .optional(),
});

function viewOf(answer: z.infer<typeof OrderAnswer>, channel: AlipayChannel): AgentOrderView {
  return {
    state: answer.order_status,
    orderNo: answer.order_no ?? null,
    merchantPid: answer.merchant_pid ?? null,
    agentAppId: answer.agent_app_id ?? null,
    confirmUrl: answer.order_status === "MERCHANT_CONFIRM" && isLink(answer.confirm_url, channel) ? answer.confirm_url : null,
    rejectReason: answer.reject_reason ?? null,
    products: (answer.product_agent_status_infos ?? []).map((product) => ({
      code: product.product_code,
      name: product.product_name ?? null,
      status: product.status,
      rejectReason: product.reject_reason ?? null,
    })),
  };
}

/** People open this address and send it on: https of anybody, or the simulator's own. */
function isLink(address: string | undefined, channel: AlipayChannel): address is string {
  if (address === undefined || !URL.canParse(address)) return false;
  return channel.environment === "simulator" ? addressRefusal(address, "simulator") === null : new URL(address).protocol === "https:";
}

/** Reads a verified answer. One of another shape says nothing about what was done. */
function read<T>(schema: z.ZodType<T>, answer: GatewayAnswer): T {
  const result = schema.safeParse(answer.node);
  if (result.success) return result.data;
  throw badAnswer(answer, `unexpected fields in the answer: ${result.error.issues.map((issue) => issue.path.join(".")).join(", ")}`);
}

const badAnswer = ({ traceId }: GatewayAnswer, message: string) =>
  new ProviderError("unknown", "bad_answer", message, { httpStatus: 200, ...(traceId && { traceId }) });

/** 代商户签约 on the wire (`alipay.open.agent.*`). Only the question is repeated by itself: a second create would open a second batch. */
export const alipayAgent: AgentProvider = { createBatch, signFacetoface, confirmBatch, cancelBatch, queryOrder };
