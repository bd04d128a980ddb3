import { and, desc, eq, isNull } from "drizzle-orm";
import { type Environment, type Method, methodProvider, type Provider } from "~/domain/provider";
import { AppError } from "~/lib/errors";
import type { Id } from "~/lib/id";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { channel } from "~/server/db/schema";

type Channel = typeof channel.$inferSelect;

/** Real money before rehearsals: a tenant that has a live channel never sends its buyers to the simulator by default. */
const ENVIRONMENT_ORDER: readonly Environment[] = ["live", "sandbox", "simulator"];

/**
 * The channel for a new attempt: the one asked for, else the payment's own where it fits the method, else the provider's default
 * in the payment's environment. Throws `channel_missing` when there is none, `not_allowed_now` when it is disabled.
 */
export async function chooseChannel(
  tx: Tx,
  ctx: Ctx,
  wish: { method: Method; channelId: Id<"channel"> | null; preferred: Id<"channel"> | null },
): Promise<Channel> {
  const provider = methodProvider(wish.method);
  const usable = await listUsable(tx, ctx);
  if (wish.channelId) {
    const asked = usable.find((one) => one.id === wish.channelId);
    if (!asked) throw new AppError("not_found", "channel", { what: "channel" });
    if (asked.provider !== provider) throw new AppError("invalid_input", "method of another provider", { field: "method" });
    if (asked.status !== "enabled") throw new AppError("not_allowed_now", "channel is disabled", { cause: "channel_disabled" });
    return asked;
  }
  const environment = environmentOf(usable, wish.preferred);
  const preferred = usable.find((one) => one.id === wish.preferred && one.provider === provider && one.status === "enabled");
  const chosen = preferred ?? defaultOf(usable, provider, environment);
  if (!chosen) throw new AppError("channel_missing", `no enabled ${provider} channel`, { provider });
  return chosen;
}

/** One channel per provider that a buyer of this payment may use. */
export async function listCheckoutChannels(tx: Tx, ctx: Ctx, preferred: Id<"channel"> | null): Promise<Channel[]> {
  const usable = await listUsable(tx, ctx);
  const environment = environmentOf(usable, preferred);
  return (["alipay", "wechat"] as const).flatMap((provider) => {
    const own = usable.find((one) => one.id === preferred && one.provider === provider && one.status === "enabled");
    return own ?? defaultOf(usable, provider, environment) ?? [];
  });
}

async function listUsable(tx: Tx, ctx: Ctx): Promise<Channel[]> {
  return tx
    .select()
    .from(channel)
    .where(and(eq(channel.tenantId, ctx.tenantId), isNull(channel.deletedAt)))
    .orderBy(desc(channel.isDefault), channel.createdAt, channel.id);
}

function environmentOf(usable: Channel[], preferred: Id<"channel"> | null): Environment {
  const own = usable.find((one) => one.id === preferred);
  if (own) return own.environment;
  return (
    ENVIRONMENT_ORDER.find((environment) => usable.some((one) => one.environment === environment && one.status === "enabled")) ??
    "simulator"
  );
}

const defaultOf = (usable: Channel[], provider: Provider, environment: Environment): Channel | undefined =>
  usable.find((one) => one.provider === provider && one.environment === environment && one.status === "enabled");
