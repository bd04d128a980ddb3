import { and, eq } from "drizzle-orm";
import { AppError } from "~/lib/errors";
import type { Id } from "~/lib/id";
import type { Ctx } from "~/server/context";
import { facetofaceOrder } from "~/server/db/schema";
import { emit } from "~/server/services/event";
import { openPerson, type SealedPerson } from "./person";

/** Personal data of an application in the clear. Who looked is written down before anything is shown. Throws `not_found`. */
export async function unmaskOrder(ctx: Ctx, orderId: Id<"facetoface">): Promise<SealedPerson> {
  const vault = await ctx.vault();
  return ctx.transaction(async (tx) => {
    const [found] = await tx
      .select({ personSealed: facetofaceOrder.personSealed })
      .from(facetofaceOrder)
      .where(and(eq(facetofaceOrder.tenantId, ctx.tenantId), eq(facetofaceOrder.id, orderId)));
    if (!found) throw new AppError("not_found", "application", { what: "facetoface" });
    const person = openPerson(vault, orderId, found.personSealed);
    await emit(tx, ctx, { type: "facetoface.unmask", subject: orderId });
    return person;
  });
}
