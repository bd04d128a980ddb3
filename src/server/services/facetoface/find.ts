import { and, eq } from "drizzle-orm";
import { AppError } from "~/lib/errors";
import type { Id } from "~/lib/id";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { facetofaceOrder } from "~/server/db/schema";
import type { FacetofaceOrder } from "./move";

const one = (ctx: Ctx, id: Id<"facetoface">) => and(eq(facetofaceOrder.tenantId, ctx.tenantId), eq(facetofaceOrder.id, id));

export async function findOrder(tx: Tx, ctx: Ctx, id: Id<"facetoface">): Promise<FacetofaceOrder | null> {
  const [found] = await tx.select().from(facetofaceOrder).where(one(ctx, id));
  return found ?? null;
}

/** Throws `not_found`. */
export async function getOrder(tx: Tx, ctx: Ctx, id: Id<"facetoface">): Promise<FacetofaceOrder> {
  return there(await findOrder(tx, ctx, id));
}

/** The application under lock until the transaction ends; null when there is none. */
export async function lockOrder(tx: Tx, ctx: Ctx, id: Id<"facetoface">): Promise<FacetofaceOrder | null> {
  const [locked] = await tx.select().from(facetofaceOrder).where(one(ctx, id)).for("update");
  return locked ?? null;
}

/** The same, for a person's command. Throws `not_found`. */
export async function getLockedOrder(tx: Tx, ctx: Ctx, id: Id<"facetoface">): Promise<FacetofaceOrder> {
  return there(await lockOrder(tx, ctx, id));
}

function there(order: FacetofaceOrder | null): FacetofaceOrder {
  if (!order) throw new AppError("not_found", "application", { what: "facetoface" });
  return order;
}
