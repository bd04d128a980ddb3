import { CreateFacetoface, FacetofaceRef, ReviseFacetoface, WithdrawFacetoface } from "~/domain/facetoface-input";
import { tenantProcedure } from "~/server/api/trpc";
import * as facetoface from "~/server/services/facetoface";

const shown = ({ id, status, step }: facetoface.FacetofaceOrder) => ({ id, status, step });

export const facetofaceSubmission = {
  create: tenantProcedure("facetoface.write")
    .input(CreateFacetoface)
    .mutation(async ({ ctx, input }) => shown(await facetoface.createFacetoface(ctx.service, input))),
  revise: tenantProcedure("facetoface.write")
    .input(ReviseFacetoface)
    .mutation(async ({ ctx, input }) => shown(await facetoface.reviseOrder(ctx.service, input))),
  resume: tenantProcedure("facetoface.write")
    .input(FacetofaceRef)
    .mutation(async ({ ctx, input }) => shown(await facetoface.resumeOrder(ctx.service, input.orderId))),
  withdraw: tenantProcedure("facetoface.write")
    .input(WithdrawFacetoface)
    .mutation(async ({ ctx, input }) => {
      const { id, status } = await facetoface.withdrawOrder(ctx.service, input);
      return { id, status };
    }),
};
