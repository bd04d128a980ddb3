import { router, userProcedure } from "~/server/api/trpc";

export const tenantRouter = router({
  /** The tenant that the session works in, or null. */
  current: userProcedure.query(({ ctx }) => ctx.identity.tenant),
});
