import { and, eq, isNull } from "drizzle-orm";
import { AppError } from "~/lib/errors";
import type { Id } from "~/lib/id";
import type { CivilDate } from "~/lib/time";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { channel } from "~/server/db/schema";
import type { Day } from "./queries";

/** What is compared: a day of a channel, whose statement lines are staged. */
export type Compared = {
  dayId: Id<"reconciliation">;
  day: CivilDate;
  channelId: Id<"channel">;
  provider: string;
  sellerId: string;
  /**
   * A statement is the account's, and several channels may share one: an order of another channel is that channel's business, and
   * what no channel knows is told once, on the days of the account's first channel.
   */
  tellsStrangers: boolean;
};

export async function comparedOf(tx: Tx, ctx: Ctx, { id, day, channelId }: Day): Promise<Compared> {
  const [own] = await tx
    .select({ provider: channel.provider, sellerId: channel.sellerId, environment: channel.environment })
    .from(channel)
    .where(and(eq(channel.tenantId, ctx.tenantId), eq(channel.id, channelId)));
  if (!own) throw new AppError("not_found", "channel", { what: "channel" });
  const [first] = await tx
    .select({ id: channel.id })
    .from(channel)
    .where(
      and(
        eq(channel.tenantId, ctx.tenantId),
        eq(channel.provider, own.provider),
        eq(channel.sellerId, own.sellerId),
        eq(channel.environment, own.environment),
        isNull(channel.deletedAt),
      ),
    )
    .orderBy(channel.createdAt, channel.id)
    .limit(1);
  // Of an account whose channels are all deleted each tells what it meets: rather twice than never.
  return { dayId: id, day, channelId, provider: own.provider, sellerId: own.sellerId, tellsStrangers: !first || first.id === channelId };
}
