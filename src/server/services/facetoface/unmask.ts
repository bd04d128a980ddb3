import type { Id } from "~/lib/id";
import type { Ctx } from "~/server/context";
import { emit } from "~/server/services/event";
import { getOrder } from "./find";
import { openPerson, type SealedPerson } from "./person";

/** Personal data of an application in the clear. Who looked is written down before anything is shown. Throws `not_found`. */
export async function unmaskOrder(ctx: Ctx, orderId: Id<"facetoface">): Promise<SealedPerson> {
  const vault = await ctx.vault();
  return ctx.transaction(async (tx) => {
    const { personSealed } = await getOrder(tx, ctx, orderId);
    const person = openPerson(vault, orderId, personSealed);
    await emit(tx, ctx, { type: "facetoface.unmask", subject: orderId });
    return person;
  });
}
