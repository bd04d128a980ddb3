import { beijingDate, days, seconds } from "~/lib/time";
import type { AgentBatch, AgentOrder, FacetofaceProduct } from "../../state";
import type { World } from "../../world";
import { approveOrder, batchNamed, beginOrder, checkIsOpen, endBatch, moveOrder, openBatch, orderStatus } from "../agent/batch";
import type { AgentOrderStatus } from "../agent/machine";
import { checkPicture } from "../agent/pictures";
import { wishOf } from "../agent/wishes";
import { businessFailure } from "../errors";
import type { AlipayCall, AlipayResult } from "./index";

/** What the simulator takes for a ticket of the service market. */
const TICKET = /^[A-Za-z0-9_-]{8,64}$/;
const ACCOUNT = /^(?:[^\s@]+@[^\s@]+|1\d{10}|2088\d{12})$/;
const TOKEN_LIFE_MS = days(365);
const REFRESH_LIFE_MS = days(372);
/** The documents show the product under both codes. */
export const FACETOFACE_CODES: readonly string[] = ["FACE_TO_FACE_PAYMENT", "I1011000100000000001"];
export const FACETOFACE_NAME = "当面付";

const batchOf = ({ world, account, biz }: AlipayCall): AgentBatch => batchNamed(world, account, biz.required("batch_no"));

export function createBatch(call: AlipayCall): AlipayResult {
  const { world, account, biz } = call;
  const merchant = biz.required("account");
  const wish = wishOf(merchant);
  if (!ACCOUNT.test(merchant) || wish === "absent") throw businessFailure("MERCHANT_IS_NOT_EXIST");
  if (wish === "notisv") throw businessFailure("NOT_ISV_APP_TYPE");
  if (wish === "uncertified") throw businessFailure("MERCHANT_NOT_CERTIFIED");
  const orderTicket = biz.text("order_ticket");
  if (orderTicket !== null && !TICKET.test(orderTicket)) throw businessFailure("PRE_AUTH_TICKET_NOT_EXIST");
  const contact = biz.object("contact_info");
  const batch = openBatch(world, account, {
    account: merchant,
    contact: { name: contact.contact_name ?? "", mobile: contact.contact_mobile ?? "", email: contact.contact_email ?? null },
    orderTicket,
  });
  return { outTradeNo: batch.batchNo, node: { batch_no: batch.batchNo, batch_status: batch.status } };
}

/** The product call. Again before the confirm, or while held: the newest one counts as a whole. */
export function signFacetoface(call: AlipayCall): AlipayResult {
  const { world, biz, files } = call;
  const batch = batchOf(call);
  checkIsOpen(batch);
  if (wishOf(batch.account) === "inaudit") throw businessFailure("MERCHANT_SIGN_PRODUCT_IN_AUDIT");
  checkRate(biz.text("rate"), biz.flag("sign_and_auth"));
  const checked = files.map((file) => ({ file, format: checkPicture(file) }));
  const { batch_no: _, ...fields } = biz.texts();
  batch.product = {
    fields,
    shopAddress: biz.object("shop_address"),
    pictures: checked.map(({ file, format }) => ({
      name: file.name,
      filename: file.filename,
      format,
      bytes: file.bytes.length,
      sha256: world.pictures.put(file.bytes),
    })),
    at: world.now(),
  };
  if (batch.order) batch.order.isCorrected = true;
  world.changed("facetoface", batch.batchNo);
  return { outTradeNo: batch.batchNo, node: {} };
}

/** Percent with two decimals at most, 0.38 to 0.6. */
function checkRate(rate: string | null, signAndAuth: boolean): void {
  if (rate === null && !signAndAuth) return;
  const hundredths = /^0\.(\d{1,2})$/.exec(rate ?? "")?.[1]?.padEnd(2, "0");
  if (!hundredths || hundredths < "38" || hundredths > "60") throw businessFailure("FACE_TO_FACE_RATE_PARAM_ERROR");
}

export function confirmBatch(call: AlipayCall): AlipayResult {
  const { world } = call;
  const batch = batchOf(call);
  checkIsOpen(batch);
  if (!batch.product) throw businessFailure("BATCH_IS_EMPTY");
  checkLicence(batch.product);
  if (batch.orderTicket !== null && isTicketSpent(world, batch)) throw businessFailure("PRE_AUTH_TICKET_EXCHANGE_FAILED");
  const isFirst = batch.order === null;
  const order = batch.order ?? beginOrder(world, batch);
  batch.confirmedTimes += 1;
  review(world, batch, order, isFirst);
  return {
    outTradeNo: batch.batchNo,
    timesOut: isFirst && wishOf(batch.account) === "silent",
    node: { order_no: order.orderNo, ...authorisationNode(order) },
  };
}

/** A picture of a licence without its number says nothing about whose it is. */
function checkLicence({ fields, pictures }: FacetofaceProduct): void {
  const hasPicture = pictures.some(({ name }) => name === "business_license_pic" || name === "business_license_auth_pic");
  if (hasPicture && !fields.business_license_no) throw businessFailure("BUSINESS_LICENSE_NO_EMPTY");
}

const isTicketSpent = (world: World, batch: AgentBatch): boolean =>
  [...world.state.agentBatches.values()].some(
    (other) => other !== batch && other.orderTicket === batch.orderTicket && other.status === "submit",
  );

/** What happens without a person: the validation at submission, which may hold, and the outcomes that accounts wish for. */
function review(world: World, batch: AgentBatch, order: AgentOrder, isFirst: boolean): void {
  const wish = wishOf(batch.account);
  // Confirmed again without a correction, nothing has changed: it stays held.
  if (!isFirst && !(order.isCorrected && moveOrder(world, batch, "resubmit"))) return;
  const fault = isFirst && wish === "hold" ? "资料校验未通过，请修正后重新提交" : expiredLicence(world, batch);
  if (fault) moveOrder(world, batch, "hold", { reason: fault });
  else if (wish === "approve") approveOrder(world, batch);
  else if (wish === "reject") moveOrder(world, batch, "reject", { reason: "资料与经营内容不符", by: "review" });
}

function expiredLicence(world: World, { product }: AgentBatch): string | null {
  const until = product?.fields.date_limitation;
  if (!until || product.fields.long_term === "true" || until >= beijingDate(world.now())) return null;
  return `营业执照已于 ${until} 到期`;
}

function authorisationNode({ authorisation }: AgentOrder): Record<string, unknown> {
  if (!authorisation) return {};
  return {
    app_auth_token: authorisation.appAuthToken,
    app_refresh_token: authorisation.appRefreshToken,
    auth_app_id: authorisation.authAppId,
    user_id: authorisation.userId,
    expires_in: String(TOKEN_LIFE_MS / seconds(1)),
    re_expires_in: String(REFRESH_LIFE_MS / seconds(1)),
  };
}

/** Only what was not confirmed can be cancelled. */
export function cancelBatch(call: AlipayCall): AlipayResult {
  const batch = batchOf(call);
  if (batch.status !== "init") throw businessFailure("BATCH_STATUS_IS_FINAL");
  endBatch(call.world, batch, "cancel");
  return { outTradeNo: batch.batchNo, node: {} };
}

export function queryOrder(call: AlipayCall): AlipayResult {
  const batch = batchOf(call);
  // A query that lags behind tells what was true before the last move; before the first there was no application.
  const moves = call.stale ? batch.order?.moves.slice(0, -1) : batch.order?.moves;
  const move = moves?.at(-1);
  if (!batch.order || !move) throw businessFailure("BATCH_STATUS_NOT_SUBMIT");
  const { status, reason } = move;
  return {
    outTradeNo: batch.batchNo,
    node: {
      order_no: batch.order.orderNo,
      order_status: status,
      merchant_pid: batch.merchantPid,
      confirm_url: status === "MERCHANT_CONFIRM" ? confirmUrl(call.origin, batch.order) : null,
      reject_reason: reason,
      product_agent_status_infos: [
        {
          product_code: FACETOFACE_CODES[0],
          product_name: FACETOFACE_NAME,
          status: productStatus(status, batch.order.endedBy),
          reject_reason: reason,
        },
      ],
    },
  };
}

export const confirmUrl = (origin: string, order: AgentOrder): string => `${origin}/merchant/${order.confirmToken}`;

/** The product's state beside the application's. Without a contract, and nobody looking at one, it is `none`. */
function productStatus(status: AgentOrderStatus, endedBy: AgentOrder["endedBy"]): string {
  if (status === "MERCHANT_AUDITING") return "audit";
  if (status === "MERCHANT_CONFIRM") return "waitConfirm";
  if (status === "MERCHANT_CONFIRM_SUCCESS") return "valid";
  return endedBy === "review" ? "auditReject" : "none";
}

/** Whether a merchant has the product, by what the newest application of theirs came to. */
export function querySignStatus({ world, account, biz }: AlipayCall): AlipayResult {
  const pid = biz.required("pid");
  const theirs = [...world.state.agentBatches.values()].filter((batch) => batch.merchantPid === pid || batch.account === pid);
  if (theirs.length === 0) throw businessFailure("MERCHANT_IS_NOT_EXIST");
  const ours = theirs.filter((batch) => batch.appId === account.appId);
  if (ours.length === 0) throw businessFailure("QUERY_SIGN_STATUS_NOT_AUTH");
  const states = ours.flatMap(({ order }) => (order ? [productStatus(orderStatus(order), order.endedBy)] : []));
  const status = states.includes("valid") ? "valid" : (states.at(-1) ?? "none");
  return {
    outTradeNo: null,
    node: {
      sign_status_list: biz.list("product_codes").map((code) => {
        const isOurs = FACETOFACE_CODES.includes(code);
        return { product_code: code, product_name: isOurs ? FACETOFACE_NAME : null, status: isOurs ? status : "none" };
      }),
    },
  };
}
