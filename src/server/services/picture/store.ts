import { createHash } from "node:crypto";
import { and, eq, inArray, lt, notExists, sql } from "drizzle-orm";
import type { PictureType } from "~/domain/picture";
import { AppError } from "~/lib/errors";
import { type Id, newId } from "~/lib/id";
import { after, days } from "~/lib/time";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { facetofacePicture, picture } from "~/server/db/schema";
import { enqueue } from "~/server/outbox/enqueue";
import { emit } from "~/server/services/event";
import { judgePicture, type PictureRefusal } from "./judge";

export type StoredPicture = { id: Id<"picture">; type: PictureType; bytes: number };

/** Pictures that nothing uses go after this long: a form left open over night still finds them. */
export const UNUSED_KEPT_MS = days(1);
/** Unused pictures of one tenant at one time; five go into an application. */
export const UNUSED_MAX = 200;

const placeOf = (id: Id<"picture">) => ({ table: "picture", column: "content_sealed", rowId: id });

/** Keeps what somebody uploaded, sealed. Throws `limit_exceeded` when too many wait unused; a refusal by content is an answer. */
export async function storePicture(ctx: Ctx, bytes: Buffer): Promise<StoredPicture | { refusal: PictureRefusal }> {
  const judged = judgePicture(bytes);
  if (!judged.ok) return { refusal: judged.refusal };
  const vault = await ctx.vault();
  const id = newId("picture");
  const { type } = judged;
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const contentSealed = vault.seal(placeOf(id), bytes);
  await ctx.transaction(async (tx) => {
    const [waiting] = await tx
      .select({ count: sql<number>`count(*)::int` })
      .from(picture)
      .where(and(eq(picture.tenantId, ctx.tenantId), unused(tx, ctx)));
    if ((waiting?.count ?? 0) >= UNUSED_MAX) throw new AppError("limit_exceeded", "too many unused pictures", { max: UNUSED_MAX });
    await tx.insert(picture).values({
      tenantId: ctx.tenantId,
      id,
      type,
      bytes: bytes.length,
      sha256,
      contentSealed,
      createdBy: ctx.actor.id,
      createdAt: ctx.now(),
    });
    await emit(tx, ctx, { type: "picture.store", subject: id, details: { type, bytes: bytes.length, sha256 } });
    await enqueue(tx, ctx, "tidy-up", ctx.tenantId, after(ctx.now(), UNUSED_KEPT_MS));
  });
  return { id, type, bytes: bytes.length };
}

/** A picture as it was uploaded. Throws `not_found`. */
export async function openPicture(ctx: Ctx, id: Id<"picture">): Promise<{ type: PictureType; bytes: Buffer }> {
  const vault = await ctx.vault();
  const [found] = await ctx.read((tx) =>
    tx
      .select({ type: picture.type, contentSealed: picture.contentSealed })
      .from(picture)
      .where(and(eq(picture.tenantId, ctx.tenantId), eq(picture.id, id))),
  );
  if (!found) throw new AppError("not_found", "picture", { what: "picture" });
  return { type: found.type, bytes: vault.open(placeOf(id), found.contentSealed) };
}

type AnyTx = Parameters<Parameters<Ctx["read"]>[0]>[0];

/** Those of `ids` that are there. The rows are held until the transaction ends, so that none is tidied away in between. */
export async function holdPictures(tx: Tx, ctx: Ctx, ids: readonly Id<"picture">[]): Promise<ReadonlySet<Id<"picture">>> {
  if (ids.length === 0) return new Set();
  const found = await tx
    .select({ id: picture.id })
    .from(picture)
    .where(and(eq(picture.tenantId, ctx.tenantId), inArray(picture.id, [...ids])))
    .for("key share");
  return new Set(found.map(({ id }) => id));
}

/** Removes what nothing has used for a day. Part of the tenant's tidying. */
export async function tidyPictures(tx: Tx, ctx: Ctx): Promise<void> {
  await tx
    .delete(picture)
    .where(and(eq(picture.tenantId, ctx.tenantId), lt(picture.createdAt, after(ctx.now(), -UNUSED_KEPT_MS)), unused(tx, ctx)));
}

const unused = (tx: AnyTx, ctx: Ctx) =>
  notExists(
    tx
      .select({ one: sql`1` })
      .from(facetofacePicture)
      .where(and(eq(facetofacePicture.tenantId, ctx.tenantId), eq(facetofacePicture.pictureId, picture.id))),
  );
