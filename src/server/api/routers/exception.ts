import { z } from "zod";
import { AssignCase, DismissCase, ListCases, NoteCase } from "~/domain/exception-input";
import { idOf } from "~/domain/payment-input";
import { router, tenantProcedure } from "~/server/api/trpc";
import * as exception from "~/server/services/exception";

export const exceptionRouter = router({
  list: tenantProcedure("exception.read")
    .input(ListCases)
    .query(({ ctx, input }) => exception.listCases(ctx.service, input)),
  sum: tenantProcedure("exception.read").query(({ ctx }) => exception.sumCases(ctx.service)),
  get: tenantProcedure("exception.read")
    .input(z.strictObject({ caseId: idOf("case") }))
    .query(({ ctx, input }) => exception.getCaseDetail(ctx.service, input.caseId)),
  assign: tenantProcedure("exception.write")
    .input(AssignCase)
    .mutation(async ({ ctx, input }) => {
      const { id, ownerId } = await exception.assignCase(ctx.service, input.caseId, input.userId);
      return { id, ownerId };
    }),
  note: tenantProcedure("exception.write")
    .input(NoteCase)
    .mutation(({ ctx, input }) => exception.noteCase(ctx.service, input.caseId, input.text)),
  dismiss: tenantProcedure("exception.write")
    .input(DismissCase)
    .mutation(async ({ ctx, input }) => {
      const { id, status } = await exception.dismissCase(ctx.service, input.caseId, input.reason);
      return { id, status };
    }),
});
