import { tracked } from "@trpc/server";
import { z } from "zod";
import { GetEvent, ListEvents } from "~/domain/event";
import { router, tenantProcedure } from "~/server/api/trpc";
import { followLive } from "~/server/live-feed";
import * as event from "~/server/services/event";

/** A client that comes back names the last news it saw. None is kept, so it is told of a gap like everybody who begins. */
const Listen = z.strictObject({ lastEventId: z.string().max(64).nullish() }).optional();

export const eventRouter = router({
  list: tenantProcedure("event.read")
    .input(ListEvents)
    .query(({ ctx, input }) => event.listEvents(ctx.service, input)),
  get: tenantProcedure("event.read")
    .input(GetEvent)
    .query(({ ctx, input }) => event.getEvent(ctx.service, input.id)),
  /** What open screens listen to. Every member may: it says that something changed, and reading it needs its own permission. */
  live: tenantProcedure("dashboard.read")
    .input(Listen)
    .subscription(async function* ({ ctx, signal }) {
      const { sys, tenantId } = ctx.service;
      for await (const { id, ...news } of followLive(sys.live, tenantId, { signal, accept: () => true })) yield tracked(id, news);
    }),
});
