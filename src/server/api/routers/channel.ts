import {
  AddToken,
  ChannelById,
  CreateChannel,
  ListChannels,
  ReplaceKeys,
  RevokeKey,
  RevokeToken,
  RunCheck,
  UpdateChannel,
} from "~/domain/channel";
import { CHECK_NAMES } from "~/domain/channel-check";
import { freshTenantProcedure, router, tenantProcedure } from "~/server/api/trpc";
import * as channel from "~/server/services/channel";

const read = tenantProcedure("channel.read");
const write = tenantProcedure("channel.write");
/** Keys, identities and addresses decide who gets the money, so the password must have been given lately (SES-09). */
const freshWrite = freshTenantProcedure("channel.write");

export const channelRouter = router({
  list: read.input(ListChannels).query(({ ctx, input }) => channel.listChannels(ctx.service, input)),
  get: read.input(ChannelById).query(({ ctx, input }) => channel.getChannel(ctx.service, input.channelId)),
  notifyUrls: read.input(ChannelById).query(async ({ ctx, input }) => (await channel.getChannel(ctx.service, input.channelId)).notifyUrls),
  create: freshWrite.input(CreateChannel).mutation(({ ctx, input }) => channel.createChannel(ctx.service, input)),
  update: freshWrite.input(UpdateChannel).mutation(({ ctx, input }) => channel.updateChannel(ctx.service, input)),
  replaceKey: freshWrite.input(ReplaceKeys).mutation(({ ctx, input }) => channel.replaceKeys(ctx.service, input)),
  revokeKey: freshWrite.input(RevokeKey).mutation(({ ctx, input }) => channel.revokeKey(ctx.service, input)),
  enable: freshWrite.input(ChannelById).mutation(({ ctx, input }) => channel.enableChannel(ctx.service, input.channelId)),
  /** In an emergency nobody should have to look for a password first. */
  disable: write.input(ChannelById).mutation(({ ctx, input }) => channel.moveChannel(ctx.service, input.channelId, "disable")),
  setDefault: freshWrite.input(ChannelById).mutation(({ ctx, input }) => channel.setDefaultChannel(ctx.service, input.channelId)),
  delete: freshWrite.input(ChannelById).mutation(({ ctx, input }) => channel.deleteChannel(ctx.service, input.channelId)),
  /** The names of a channel's checks, in order; `check` runs one. */
  checks: read
    .input(ChannelById)
    .query(async ({ ctx, input }) => CHECK_NAMES[(await channel.getChannel(ctx.service, input.channelId)).provider]),
  /** Talks to the provider with the channel's keys, so reading rights do not suffice. */
  check: write.input(RunCheck).mutation(({ ctx, input }) => channel.runCheck(ctx.service, input)),
  tokenAdd: freshWrite.input(AddToken).mutation(({ ctx, input }) => channel.addToken(ctx.service, input)),
  tokenRevoke: freshWrite.input(RevokeToken).mutation(({ ctx, input }) => channel.revokeToken(ctx.service, input)),
});
