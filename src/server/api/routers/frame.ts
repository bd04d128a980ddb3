import { router, tenantProcedure } from "~/server/api/trpc";
import { getFrame } from "~/server/services/dashboard";

/** Apart from the workbench: news of payments, which come many a second, are none of the frame's. */
export const frameRouter = router({
  get: tenantProcedure("exception.read").query(({ ctx }) => getFrame(ctx.service)),
});
