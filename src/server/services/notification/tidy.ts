import { and, eq, lt, sql } from "drizzle-orm";
import { REFUSED_KEPT_PER_CHANNEL } from "~/domain/notification";
import { after, days } from "~/lib/time";
import type { Ctx } from "~/server/context";
import { idempotencyKey } from "~/server/db/schema";
import { tidyPictures } from "~/server/services/picture";

/** Longer than the seven days that IDEM-02 asks for. */
const IDEMPOTENCY_KEPT_MS = days(14);

/** Job: refused messages beyond the bound of each channel go, oldest first, idempotency keys past their time, and pictures that nothing uses. */
export async function tidyUp(ctx: Ctx): Promise<Date | null> {
  await ctx.transaction(async (tx) => {
    await tx.execute(sql`
      delete from app.notification n using (
        select id, row_number() over (partition by channel_id order by received_at desc, id desc) as place
        from app.notification where tenant_id = ${ctx.tenantId} and state = 'refused'
      ) ranked
      where n.tenant_id = ${ctx.tenantId} and n.id = ranked.id and ranked.place > ${REFUSED_KEPT_PER_CHANNEL}`);
    await tx
      .delete(idempotencyKey)
      .where(and(eq(idempotencyKey.tenantId, ctx.tenantId), lt(idempotencyKey.createdAt, after(ctx.now(), -IDEMPOTENCY_KEPT_MS))));
    await tidyPictures(tx, ctx);
  });
  return null;
}
