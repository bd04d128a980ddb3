import { createHash } from "node:crypto";
import { after, days, hours } from "~/lib/time";
import { dayDigits, randomDigits, randomLetters } from "../../random";
import type { AgentBatch, AgentOrder, AlipayAccount } from "../../state";
import type { World } from "../../world";
import { businessFailure } from "../errors";
import { type AgentBatchStatus, type AgentOrderEvent, type AgentOrderStatus, agentOrderMachine } from "./machine";

/** An open transaction dies by itself after this. */
const BATCH_LIFE_MS = hours(1);
/** The merchant must confirm within this time of the approval. */
const CONFIRM_LIFE_MS = days(15);

export const orderStatus = (order: AgentOrder): AgentOrderStatus => order.moves.at(-1)?.status ?? agentOrderMachine.initial;
export const batchExpiresAt = (batch: AgentBatch): Date => after(batch.createdAt, BATCH_LIFE_MS);

/** An account's PID: its own where it is one, else digits that are the same each time. */
function pidOf(account: string): string {
  if (/^2088\d{12}$/.test(account)) return account;
  const hash = BigInt(`0x${createHash("sha256").update(account).digest("hex")}`);
  return `2088${(hash % 10n ** 12n).toString().padStart(12, "0")}`;
}

export function openBatch(
  world: World,
  account: AlipayAccount,
  draft: Pick<AgentBatch, "account" | "contact" | "orderTicket">,
): AgentBatch {
  const batch: AgentBatch = {
    ...draft,
    batchNo: `${dayDigits(world.now())}${randomDigits(17)}`,
    appId: account.appId,
    merchantPid: pidOf(draft.account),
    status: "init",
    createdAt: world.now(),
    product: null,
    order: null,
    confirmedTimes: 0,
  };
  world.state.agentBatches.set(batch.batchNo, batch);
  world.changed("facetoface", batch.batchNo);
  return batch;
}

/** The caller's own batch, as it stands at this moment. */
export function batchNamed(world: World, account: AlipayAccount, batchNo: string): AgentBatch {
  const batch = world.state.agentBatches.get(batchNo);
  if (!batch) throw businessFailure("BATCH_IS_NOT_EXIST");
  if (batch.appId !== account.appId) throw businessFailure("NO_APP_PERMISSION");
  refreshBatch(world, batch);
  return batch;
}

/** Product call and confirm are open until the first confirm, and again while the application is held. */
export function checkIsOpen(batch: AgentBatch): void {
  const isHeld = batch.order !== null && orderStatus(batch.order) === "MERCHANT_INFO_HOLD";
  if (batch.status !== "init" && !isHeld) throw businessFailure("BATCH_STATUS_IS_FINAL");
}

/** Moves a batch along with the time: an open one dies after an hour, an unanswered confirmation after 15 days. */
export function refreshBatch(world: World, batch: AgentBatch): void {
  if (batch.status === "init" && world.now() >= batchExpiresAt(batch)) endBatch(world, batch, "timeout");
  if (!batch.order?.confirmBy || orderStatus(batch.order) !== "MERCHANT_CONFIRM") return;
  if (world.now() >= batch.order.confirmBy) moveOrder(world, batch, "expire", { at: batch.order.confirmBy });
}

export function endBatch(world: World, batch: AgentBatch, status: Exclude<AgentBatchStatus, "init">): void {
  batch.status = status;
  world.changed("facetoface", batch.batchNo);
}

/** The application of a first confirm. The token in its link is the only thing that opens the merchant's page. */
export function beginOrder(world: World, batch: AgentBatch): AgentOrder {
  const order: AgentOrder = {
    orderNo: `${dayDigits(world.now())}${randomDigits(16)}`,
    moves: [{ status: agentOrderMachine.initial, at: world.now(), reason: null }],
    endedBy: null,
    confirmToken: randomLetters(32),
    confirmBy: null,
    isCorrected: false,
    authorisation: batch.orderTicket === null ? null : authorise(world, batch),
  };
  batch.order = order;
  endBatch(world, batch, "submit");
  return order;
}

type MoveDetails = { reason?: string; at?: Date; by?: "review" | "merchant" };

/** The only writer of an application's state. Answers false where the machine does not allow the move. */
export function moveOrder(world: World, batch: AgentBatch, event: AgentOrderEvent, details: MoveDetails = {}): boolean {
  const { order } = batch;
  if (!order || !agentOrderMachine.can(orderStatus(order), event)) return false;
  const at = details.at ?? world.now();
  order.moves.push({ status: agentOrderMachine.transitions[event].to, at, reason: details.reason ?? null });
  order.endedBy = details.by ?? null;
  if (event === "approve") order.confirmBy = after(at, CONFIRM_LIFE_MS);
  if (event === "hold") order.isCorrected = false;
  world.changed("facetoface", batch.batchNo);
  return true;
}

/** A reviewer's yes. In the pre-authorised mode there is nothing left to confirm. */
export const approveOrder = (world: World, batch: AgentBatch): boolean =>
  moveOrder(world, batch, batch.orderTicket === null ? "approve" : "open");

/** What `confirm` hands over in the pre-authorised mode (app_auth_token: 40 characters at most). */
function authorise(world: World, batch: AgentBatch): NonNullable<AgentOrder["authorisation"]> {
  const token = () => `${dayDigits(world.now()).slice(0, 6)}BB${randomLetters(32)}`;
  return { appAuthToken: token(), appRefreshToken: token(), authAppId: `2021${randomDigits(12)}`, userId: batch.merchantPid };
}
