import { and, eq } from "drizzle-orm";
import { AppError } from "~/lib/errors";
import type { Id } from "~/lib/id";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { membership } from "~/server/db/schema";

/** Only somebody who works in this tenant may own what it has to clear up. Throws `not_found`, for strangers as for nobody. */
export async function checkWorksHere(tx: Tx, ctx: Ctx, userId: Id<"user">): Promise<void> {
  const [member] = await tx
    .select({ disabledAt: membership.disabledAt })
    .from(membership)
    .where(and(eq(membership.tenantId, ctx.tenantId), eq(membership.userId, userId)));
  if (!member || member.disabledAt) throw new AppError("not_found", "member", { what: "member" });
}
