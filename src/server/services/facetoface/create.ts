import { and, eq } from "drizzle-orm";
import type { CreateFacetofaceInput } from "~/domain/facetoface-input";
import { AppError } from "~/lib/errors";
import { type Id, newId } from "~/lib/id";
import type { Ctx } from "~/server/context";
import type { TenantVault } from "~/server/crypto/vault";
import type { Tx } from "~/server/db/client";
import { channel, facetofaceOrder, tenant } from "~/server/db/schema";
import { enqueue } from "~/server/outbox/enqueue";
import { emit } from "~/server/services/event";
import { type KeyedRequest, rememberKey, sortedText } from "~/server/services/idempotency";
import { contentOf, linkPictures } from "./content";
import { getOrder } from "./find";
import type { FacetofaceOrder } from "./move";
import { openPerson, type SealedPerson } from "./person";

/**
 * Stores an application; a job submits it. The same key with the same request answers what was stored first, however many come at
 * once. Two applications for one shop are two wishes: Alipay decides about the second. Throws `idempotency_mismatch`, `not_found`,
 * `channel_invalid`, `not_allowed_now` with its cause.
 */
export async function createFacetoface(ctx: Ctx, input: CreateFacetofaceInput): Promise<FacetofaceOrder> {
  const vault = await ctx.vault();
  const id = newId("facetoface");
  return ctx.transaction(async (tx) => {
    const keyed = keyedOf(vault, input);
    const stands = keyed ? await rememberKey(tx, ctx, keyed, id) : id;
    if (stands !== id) return getOrder(tx, ctx, stands as Id<"facetoface">);
    await checkTenant(tx, ctx);
    await checkChannel(tx, ctx, input.channelId);
    const former = input.reapplyOf ? await formerPerson(tx, ctx, vault, input.reapplyOf) : null;
    return insertOrder(tx, ctx, { id, input, content: contentOf(vault, id, input, former) });
  });
}

type Fresh = { id: Id<"facetoface">; input: CreateFacetofaceInput; content: ReturnType<typeof contentOf> };

async function insertOrder(tx: Tx, ctx: Ctx, { id, input, content }: Fresh): Promise<FacetofaceOrder> {
  const { channelId, reapplyOf = null, pictures } = input;
  const [made] = await tx
    .insert(facetofaceOrder)
    .values({
      ...content,
      tenantId: ctx.tenantId,
      id,
      channelId,
      reapplyOf,
      status: "init",
      step: "new",
      createdBy: ctx.actor.id,
      createdAt: ctx.now(),
      updatedAt: ctx.now(),
    })
    .returning();
  if (!made) throw new Error("insert answers its row");
  await linkPictures(tx, ctx, id, pictures);
  await enqueue(tx, ctx, "submit-facetoface", id);
  await emit(tx, ctx, { type: "facetoface.create", subject: id, details: { shopName: made.shopName, channelId, reapplyOf } });
  return made;
}

/** The request as it counts for sameness. It names people: its digest is a keyed one (PII-02). */
function keyedOf(vault: TenantVault, { idempotencyKey: key, ...request }: CreateFacetofaceInput): KeyedRequest | null {
  if (key === undefined) return null;
  const requestHash = vault.blindIndex("idempotency:facetoface.create", sortedText(request)).toString("hex");
  return { operation: "facetoface.create", key, requestHash };
}

async function checkTenant(tx: Tx, ctx: Ctx): Promise<void> {
  const [own] = await tx.select({ status: tenant.status, haltedAt: tenant.haltedAt }).from(tenant).where(eq(tenant.id, ctx.tenantId));
  if (own?.status !== "active") throw new AppError("not_allowed_now", "tenant suspended", { cause: "tenant_suspended" });
  if (own.haltedAt) throw new AppError("not_allowed_now", "the books are being examined", { cause: "books_broken" });
}

/** Only a service provider's application may sign for others (NOT_ISV_APP_TYPE at Alipay). */
async function checkChannel(tx: Tx, ctx: Ctx, channelId: Id<"channel">): Promise<void> {
  const [found] = await tx
    .select({ provider: channel.provider, isIsv: channel.isIsv, status: channel.status, deletedAt: channel.deletedAt })
    .from(channel)
    .where(and(eq(channel.tenantId, ctx.tenantId), eq(channel.id, channelId)));
  if (!found || found.deletedAt) throw new AppError("not_found", "channel", { what: "channel" });
  const reason = found.provider !== "alipay" ? "not_alipay" : found.isIsv ? null : "not_isv";
  if (reason) throw new AppError("channel_invalid", "not a channel that may sign for others", { field: "channelId", reason });
  if (found.status !== "enabled") throw new AppError("not_allowed_now", "channel is disabled", { cause: "channel_disabled" });
}

/** Who applied before. A ticket of the service market serves once, so it is not taken over. */
async function formerPerson(tx: Tx, ctx: Ctx, vault: TenantVault, id: Id<"facetoface">): Promise<SealedPerson> {
  const former = await getOrder(tx, ctx, id);
  if (former.status !== "closed") throw new AppError("not_allowed_now", "only a closed application is followed", { status: former.status });
  return { ...openPerson(vault, id, former.personSealed), orderTicket: null };
}
