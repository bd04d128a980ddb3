import { generateKeyPairSync } from "node:crypto";
import { eq } from "drizzle-orm";
import type { CreateChannelInput } from "~/domain/channel";
import type { Role } from "~/domain/tenant";
import { type Id, newId, randomBase32 } from "~/lib/id";
import { fen } from "~/lib/money";
import type { Ctx, SystemCtx } from "~/server/context";
import { channelKey, channelToken, event, facetofaceCall, notification } from "~/server/db/schema";
import { addToken, createChannel, moveChannel } from "~/server/services/channel";
import { openCase } from "~/server/services/exception";
import { inviteMember } from "~/server/services/member";
import { createPayment, prepareAttempt } from "~/server/services/payment";
import { storePicture } from "~/server/services/picture";
import { givenOrder, newBatchNo } from "~tests/support/facetoface";
import { newTenantWithStaff, type SignedIn } from "~tests/support/factories";
import { makePicture } from "~tests/support/pictures";
import { givenDifference } from "~tests/support/reconciliation";

/** One id, number or token of everything that a tenant can have. */
export type Ids = {
  tenant: string;
  user: string;
  session: string;
  invitation: string;
  invitationToken: string;
  channel: string;
  key: string;
  token: string;
  payment: string;
  orderNo: string;
  checkoutToken: string;
  transaction: string;
  outTradeNo: string;
  notification: string;
  case: string;
  event: string;
  facetoface: string;
  picture: string;
  batch: string;
  call: string;
  day: string;
  difference: string;
};

export type World = { ctx: Ctx; ids: Ids; people: Record<Role, SignedIn> };

const rsa = () =>
  generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
const [ours, theirs] = [rsa(), rsa()];
const digits = (count: number): string => String(BigInt(`0x${Buffer.from(randomBase32(20)).toString("hex")}`)).slice(-count);

export const newChannelInput = (): CreateChannelInput => ({
  provider: "alipay",
  name: "支付宝",
  environment: "simulator",
  appId: `2021${digits(12)}`,
  sellerId: `2088${digits(12)}`,
  gateway: "http://127.0.0.1:9/gateway.do",
  privateKey: ours.privateKey,
  alipayPublicKey: theirs.publicKey,
  isIsv: true,
});

/** A tenant with staff and one of each thing. No provider is spoken to. */
export async function newWorld(sys: SystemCtx): Promise<World> {
  const { ctx, ...people } = await newTenantWithStaff(sys);
  const { channelId } = await createChannel(ctx, newChannelInput());
  await moveChannel(ctx, channelId, "enable");
  await addToken(ctx, { channelId, subjectKind: "merchant", subject: digits(16), token: `tok${randomBase32(20)}` });
  const invited = await inviteMember(ctx, { email: `i-${randomBase32(8)}@example.test`, role: "viewer" });
  const orderNo = `order-${randomBase32(10)}`;
  const { payment, checkoutUrl } = await createPayment(ctx, { orderNo, subject: "工作服", amountFen: fen(12_345n), channelId });
  const now = ctx.now();
  const { attempt } = await prepareAttempt(ctx, { paymentId: payment.id, method: "alipay_pc" });
  const transaction = attempt.id;
  const notificationId = newId("notification");
  const vault = await ctx.vault();
  // Held, so that it may be corrected.
  const application = await givenOrder(ctx, { channelId, heldAt: ctx.now() });
  const stored = await storePicture(ctx, makePicture("png"));
  if ("refusal" in stored) throw new Error(stored.refusal);
  const call = newId("call");
  const differing = await givenDifference(ctx, { channelId, ownerId: people.finance.id, outTradeNo: transaction });
  return ctx.transaction(async (tx) => {
    await tx.insert(notification).values({
      tenantId: ctx.tenantId,
      id: notificationId,
      channelId,
      provider: "alipay",
      kind: "trade",
      messageId: notificationId,
      state: "misfit",
      receivedAt: now,
      sourceIp: "192.0.2.9",
      headers: {},
      bodySealed: vault.seal({ table: "notification", column: "body_sealed", rowId: notificationId }, "out_trade_no=x"),
      bodyBytes: 14,
      steps: [],
      outTradeNo: transaction,
      transactionId: transaction,
    });
    const opened = await openCase(tx, ctx, {
      kind: "wrong_amount",
      dedupeKey: transaction,
      amountFen: fen(1n),
      channelId,
      paymentId: payment.id,
      transactionId: transaction,
      notificationId,
    });
    await tx.insert(facetofaceCall).values({
      tenantId: ctx.tenantId,
      id: call,
      orderId: application.id,
      batchNo: application.batchNo,
      method: "alipay.open.agent.order.query",
      outcome: "ok",
      answerSealed: vault.seal({ table: "facetoface_call", column: "answer_sealed", rowId: call }, "{}"),
      ms: 1,
      at: now,
    });
    const [key] = await tx.select({ id: channelKey.id }).from(channelKey).where(eq(channelKey.channelId, channelId));
    const [token] = await tx.select({ id: channelToken.id }).from(channelToken).where(eq(channelToken.channelId, channelId));
    const [happened] = await tx.select({ id: event.id }).from(event).where(eq(event.subject, payment.id));
    const ids: Ids = {
      tenant: ctx.tenantId,
      user: people.viewer.id,
      session: people.viewer.sessionId,
      invitation: invited.id,
      invitationToken: lastPart(invited.url),
      channel: channelId,
      key: key?.id ?? "",
      token: token?.id ?? "",
      payment: payment.id,
      orderNo,
      checkoutToken: lastPart(checkoutUrl),
      transaction,
      outTradeNo: transaction,
      notification: notificationId,
      case: opened.id,
      event: happened?.id ?? "",
      facetoface: application.id,
      picture: stored.id,
      batch: application.batchNo ?? "",
      call,
      ...differing,
    };
    return { ctx, ids, people };
  });
}

/** Ids of the same forms that nobody has. */
export function absentIds(): Ids {
  return {
    tenant: newId("tenant"),
    user: newId("user"),
    session: newId("session"),
    invitation: newId("invitation"),
    invitationToken: randomBase32(),
    channel: newId("channel"),
    key: newId("secret"),
    token: newId("secret"),
    payment: newId("payment"),
    orderNo: `order-${randomBase32(10)}`,
    checkoutToken: randomBase32(),
    transaction: newId("transaction") as Id<"transaction">,
    outTradeNo: newId("transaction"),
    notification: newId("notification"),
    case: newId("case"),
    event: newId("event"),
    facetoface: newId("facetoface"),
    picture: newId("picture"),
    batch: newBatchNo(),
    call: newId("call"),
    day: newId("reconciliation"),
    difference: newId("difference"),
  };
}

const lastPart = (url: string): string => url.split("/").at(-1) ?? "";
