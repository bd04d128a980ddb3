import { GetWorkbench } from "~/domain/dashboard";
import { router, tenantProcedure } from "~/server/api/trpc";
import * as dashboard from "~/server/services/dashboard";

export const dashboardRouter = router({
  workbench: tenantProcedure("dashboard.read")
    .input(GetWorkbench)
    .query(({ ctx, input }) => dashboard.getWorkbench(ctx.service, input)),
});
