import { AssignDifference, DayOf, DifferenceOf, GetCalendar, ListDifferences, ResolveDifference } from "~/domain/reconciliation-input";
import { router, tenantProcedure } from "~/server/api/trpc";
import * as reconciliation from "~/server/services/reconciliation";

export const reconciliationRouter = router({
  calendar: tenantProcedure("reconciliation.read")
    .input(GetCalendar)
    .query(({ ctx, input }) => reconciliation.getCalendar(ctx.service, input)),
  get: tenantProcedure("reconciliation.read")
    .input(DayOf)
    .query(({ ctx, input }) => reconciliation.getDayDetail(ctx.service, input.dayId)),
  list: tenantProcedure("reconciliation.read")
    .input(ListDifferences)
    .query(({ ctx, input }) => reconciliation.listDifferences(ctx.service, input)),
  difference: tenantProcedure("reconciliation.read")
    .input(DifferenceOf)
    .query(({ ctx, input }) => reconciliation.getDifferenceDetail(ctx.service, input.differenceId)),
  assign: tenantProcedure("reconciliation.write")
    .input(AssignDifference)
    .mutation(async ({ ctx, input }) => {
      const { id, ownerId } = await reconciliation.assignDifference(ctx.service, input.differenceId, input.userId);
      return { id, ownerId };
    }),
  resolve: tenantProcedure("reconciliation.write")
    .input(ResolveDifference)
    .mutation(async ({ ctx, input }) => {
      const { id, status } = await reconciliation.resolveDifference(ctx.service, input.differenceId, input.reason);
      return { id, status };
    }),
  rerun: tenantProcedure("reconciliation.write")
    .input(DayOf)
    .mutation(async ({ ctx, input }) => {
      const { id, status } = await reconciliation.rerunDay(ctx.service, input.dayId);
      return { id, status };
    }),
  lock: tenantProcedure("reconciliation.write")
    .input(DayOf)
    .mutation(async ({ ctx, input }) => {
      const { id, status } = await reconciliation.lockDay(ctx.service, input.dayId);
      return { id, status };
    }),
  unlock: tenantProcedure("reconciliation.write")
    .input(DayOf)
    .mutation(async ({ ctx, input }) => {
      const { id, status } = await reconciliation.unlockDay(ctx.service, input.dayId);
      return { id, status };
    }),
});
