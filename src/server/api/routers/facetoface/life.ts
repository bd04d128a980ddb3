import { FacetofaceRef } from "~/domain/facetoface-input";
import { tenantProcedure } from "~/server/api/trpc";
import * as facetoface from "~/server/services/facetoface";

/** What people do with an application after its submission. */
export const facetofaceLife = {
  query: tenantProcedure("facetoface.write")
    .input(FacetofaceRef)
    .mutation(({ ctx, input }) => facetoface.queryOrder(ctx.service, input.orderId)),
  remind: tenantProcedure("facetoface.write")
    .input(FacetofaceRef)
    .mutation(({ ctx, input }) => facetoface.remindMerchant(ctx.service, input.orderId)),
  unmask: tenantProcedure("facetoface.unmask")
    .input(FacetofaceRef)
    .mutation(({ ctx, input }) => facetoface.unmaskOrder(ctx.service, input.orderId)),
};
