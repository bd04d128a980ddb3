import { z } from "zod";
import { CreateTenant, EnterTenant, ListTenants, SetLimits, SuspendTenant, TenantRef } from "~/domain/member";
import { freshOperatorProcedure, operatorProcedure, originOf, router, userProcedure } from "~/server/api/trpc";
import * as session from "~/server/services/session";
import * as tenant from "~/server/services/tenant";

const Nothing = z.strictObject({}).optional();

export const tenantRouter = router({
  /** The tenant that the session works in, or null. */
  current: userProcedure.input(Nothing).query(({ ctx }) => ctx.identity.tenant),
  /** The tenants that the person may switch to. */
  mine: userProcedure.input(Nothing).query(({ ctx }) => session.listMemberships(ctx.sys, ctx.identity.userId)),
  switch: userProcedure
    .input(TenantRef)
    .mutation(({ ctx, input }) => session.switchTenant(ctx.sys, ctx.identity, input.tenantId, originOf(ctx))),

  list: operatorProcedure.input(ListTenants).query(({ ctx, input }) => tenant.listTenants(ctx.sys, input)),
  create: freshOperatorProcedure.input(CreateTenant).mutation(({ ctx, input }) => tenant.createTenant(ctx.sys, ctx.actor, input)),
  suspend: operatorProcedure.input(SuspendTenant).mutation(({ ctx, input }) => tenant.moveTenant(ctx.sys, ctx.actor, input, "suspend")),
  resume: operatorProcedure.input(SuspendTenant).mutation(({ ctx, input }) => tenant.moveTenant(ctx.sys, ctx.actor, input, "resume")),
  setLimits: freshOperatorProcedure.input(SetLimits).mutation(({ ctx, input }) => tenant.setLimits(ctx.sys, ctx.actor, input)),
  enter: freshOperatorProcedure
    .input(EnterTenant)
    .mutation(({ ctx, input }) => tenant.enterTenant(ctx.sys, ctx.identity, input, originOf(ctx))),
  leave: operatorProcedure.input(Nothing).mutation(({ ctx }) => tenant.leaveTenant(ctx.sys, ctx.identity, originOf(ctx))),
});
