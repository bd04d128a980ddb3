import { sql } from "drizzle-orm";
import type { Id } from "~/lib/id";
import { seconds } from "~/lib/time";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { channel, paymentTransaction } from "~/server/db/schema";

/** A busy channel's row is written once in this time, not with every payment. */
const NOTE_EVERY_MS = seconds(30);

/** Notes on its channel that this attempt was paid, and whether by a callback. No event: it is a display, not a change. */
export async function noteSuccess(tx: Tx, ctx: Ctx, transactionId: Id<"transaction">): Promise<void> {
  const now = ctx.now().toISOString();
  const before = new Date(ctx.now().getTime() - NOTE_EVERY_MS).toISOString();
  await tx.execute(sql`
    update ${channel} c
       set last_success_at = ${now}::timestamptz,
           last_callback_at = case when t.notified_at is null then c.last_callback_at else greatest(c.last_callback_at, t.notified_at) end
      from ${paymentTransaction} t
     where t.tenant_id = ${ctx.tenantId} and t.id = ${transactionId}
       and c.tenant_id = t.tenant_id and c.id = t.channel_id
       and (c.last_success_at is null or c.last_success_at < ${before}::timestamptz
            or (t.notified_at is not null and (c.last_callback_at is null or c.last_callback_at < ${before}::timestamptz)))`);
}
