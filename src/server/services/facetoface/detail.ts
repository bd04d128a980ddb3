import { and, asc, desc, eq } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { ASK_BY_HAND_GAP_MS, attentionOf } from "~/domain/facetoface";
import { AppError } from "~/lib/errors";
import type { Id } from "~/lib/id";
import { isPersonal, maskJson } from "~/lib/mask";
import { after } from "~/lib/time";
import type { Ctx } from "~/server/context";
import type { TenantVault } from "~/server/crypto/vault";
import type { Tx } from "~/server/db/client";
import { channel, facetofaceBatch, facetofaceCall, facetofacePicture, facetofaceOrder as order, picture, user } from "~/server/db/schema";
import { emit, historyOf } from "~/server/services/event";
import { openAnswer } from "./calls";

/** More calls than a person reads: four weeks of questions. */
const CALLS_MAX = 200;
const HISTORY_MAX = 200;

const follower = alias(order, "follower");

/** An application with all that the detail shows. Persons are masked, and what is sealed stays sealed. */
export async function getFacetofaceDetail(ctx: Ctx, id: Id<"facetoface">) {
  const vault = await ctx.vault();
  return ctx.read(async (tx) => {
    const [found] = await tx
      .select({ order, channelName: channel.name, environment: channel.environment, createdByName: user.name })
      .from(order)
      .innerJoin(channel, and(eq(channel.tenantId, order.tenantId), eq(channel.id, order.channelId)))
      .leftJoin(user, eq(user.id, order.createdBy as never))
      .where(and(eq(order.tenantId, ctx.tenantId), eq(order.id, id)));
    if (!found) throw new AppError("not_found", "facetoface", { what: "facetoface" });
    const { tenantId: _tenant, personSealed: _person, tokensSealed, stepLeaseUntil: _lease, ...shown } = found.order;
    const followers = await tx
      .select({ id: follower.id })
      .from(follower)
      .where(and(eq(follower.tenantId, ctx.tenantId), eq(follower.reapplyOf, id)))
      .orderBy(desc(follower.createdAt));
    return {
      ...shown,
      channelName: found.channelName,
      environment: found.environment,
      createdByName: found.createdByName,
      /** Whether Alipay gave an app_auth_token for the merchant; itself it is shown to nobody. */
      hasToken: tokensSealed !== null,
      attention: attentionOf(shown, ctx.now()),
      /** Before this nobody may ask Alipay by hand again; null when one may. */
      mayQueryAt: mayQueryAt(shown.lastQueryAt, ctx.now()),
      followedBy: followers.map((one) => one.id),
      batches: await tx
        .select({
          batchNo: facetofaceBatch.batchNo,
          openedAt: facetofaceBatch.openedAt,
          end: facetofaceBatch.end,
          endedAt: facetofaceBatch.endedAt,
        })
        .from(facetofaceBatch)
        .where(and(eq(facetofaceBatch.tenantId, ctx.tenantId), eq(facetofaceBatch.orderId, id)))
        .orderBy(desc(facetofaceBatch.openedAt)),
      pictures: await tx
        .select({ slot: facetofacePicture.slot, pictureId: facetofacePicture.pictureId, type: picture.type, bytes: picture.bytes })
        .from(facetofacePicture)
        .innerJoin(picture, and(eq(picture.tenantId, facetofacePicture.tenantId), eq(picture.id, facetofacePicture.pictureId)))
        .where(and(eq(facetofacePicture.tenantId, ctx.tenantId), eq(facetofacePicture.orderId, id)))
        .orderBy(asc(facetofacePicture.slot)),
      calls: await callsOf(tx, ctx, vault, id),
      events: await historyOf(tx, ctx, [id], HISTORY_MAX),
    };
  });
}

function mayQueryAt(lastQueryAt: Date | null, now: Date): Date | null {
  const next = lastQueryAt && after(lastQueryAt, ASK_BY_HAND_GAP_MS);
  return next && next > now ? next : null;
}

async function callsOf(tx: Tx, ctx: Ctx, vault: TenantVault, orderId: Id<"facetoface">) {
  const rows = await tx
    .select()
    .from(facetofaceCall)
    .where(and(eq(facetofaceCall.tenantId, ctx.tenantId), eq(facetofaceCall.orderId, orderId)))
    .orderBy(desc(facetofaceCall.at), desc(facetofaceCall.id))
    .limit(CALLS_MAX);
  return rows.map(({ id, method, batchNo, outcome, code, at, ms, answerSealed }) => ({
    id,
    method,
    batchNo,
    outcome,
    code,
    at,
    ms,
    answerText: answerSealed && maskJson(openAnswer(vault, id, answerSealed), isHidden),
  }));
}

/** The merchant's PID is shown with the application, as the receiving account of a channel is. */
const isHidden = (name: string): boolean => isPersonal(name) || /^(?:account|contact_name|business_license_no)$/.test(name);

/** One answer as Alipay gave it, for somebody who may see persons in the clear. That they looked is in the audit log (PII-02). */
export async function revealAnswer(ctx: Ctx, { orderId, callId }: { orderId: Id<"facetoface">; callId: Id<"call"> }): Promise<string> {
  const vault = await ctx.vault();
  return ctx.transaction(async (tx) => {
    const [call] = await tx
      .select({ answerSealed: facetofaceCall.answerSealed, method: facetofaceCall.method })
      .from(facetofaceCall)
      .where(and(eq(facetofaceCall.tenantId, ctx.tenantId), eq(facetofaceCall.orderId, orderId), eq(facetofaceCall.id, callId)));
    if (!call?.answerSealed) throw new AppError("not_found", "call", { what: "call" });
    await emit(tx, ctx, { type: "facetoface.unmask", subject: orderId, details: { callId, method: call.method } });
    return openAnswer(vault, callId, call.answerSealed);
  });
}
