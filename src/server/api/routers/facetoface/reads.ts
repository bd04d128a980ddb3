import { z } from "zod";
import { FacetofaceRef, ListFacetoface } from "~/domain/facetoface-input";
import { idOf } from "~/domain/payment-input";
import { tenantProcedure } from "~/server/api/trpc";
import * as facetoface from "~/server/services/facetoface";

export const facetofaceReads = {
  list: tenantProcedure("facetoface.read")
    .input(ListFacetoface)
    .query(({ ctx, input }) => facetoface.listFacetoface(ctx.service, input)),
  counts: tenantProcedure("facetoface.read")
    .input(ListFacetoface)
    .query(({ ctx, input }) => facetoface.countFacetoface(ctx.service, input)),
  get: tenantProcedure("facetoface.read")
    .input(FacetofaceRef)
    .query(({ ctx, input }) => facetoface.getFacetofaceDetail(ctx.service, input.orderId)),
  /** An answer of Alipay's in the clear. It changes nothing but the audit log, which says who looked. */
  answer: tenantProcedure("facetoface.unmask")
    .input(z.strictObject({ orderId: idOf("facetoface"), callId: idOf("call") }))
    .mutation(async ({ ctx, input }) => ({ answerText: await facetoface.revealAnswer(ctx.service, input) })),
};
