import { z } from "zod";
import {
  AcceptInvitation,
  ChangePassword,
  ChangeRole,
  ConfirmPassword,
  InvitationRef,
  InviteMember,
  ListMembers,
  MemberRef,
  SessionRef,
} from "~/domain/member";
import { freshTenantProcedure, originOf, publicProcedure, router, tenantProcedure, userProcedure } from "~/server/api/trpc";
import * as member from "~/server/services/member";
import * as session from "~/server/services/session";

const Nothing = z.strictObject({}).optional();

export const memberRouter = router({
  /** Who is signed in. */
  me: userProcedure.input(Nothing).query(({ ctx }) => {
    const { userId, name, email, locale, isOperator, tenant } = ctx.identity;
    return { userId, name, email, locale, isOperator, access: tenant?.access ?? null };
  }),
  sessions: userProcedure.input(Nothing).query(({ ctx }) => session.listSessions(ctx.sys, ctx.identity)),
  revokeSession: userProcedure
    .input(SessionRef)
    .mutation(({ ctx, input }) => session.revokeSession(ctx.sys, ctx.identity, input.id, originOf(ctx))),
  revokeOtherSessions: userProcedure
    .input(Nothing)
    .mutation(({ ctx }) => session.revokeOtherSessions(ctx.sys, ctx.identity, originOf(ctx))),
  /** Makes the session fresh for what asks for `fresh_sign_in_required`. */
  confirmPassword: userProcedure
    .input(ConfirmPassword)
    .mutation(({ ctx, input }) => session.confirmPassword(ctx.sys, ctx.identity, input.password, originOf(ctx))),
  changePassword: userProcedure
    .input(ChangePassword)
    .mutation(({ ctx, input }) => session.changePassword(ctx.sys, ctx.identity, input, originOf(ctx))),

  list: tenantProcedure("member.read")
    .input(ListMembers)
    .query(({ ctx, input }) => member.listMembers(ctx.service, input)),
  invitations: tenantProcedure("member.write")
    .input(Nothing)
    .query(({ ctx }) => member.listInvitations(ctx.service)),
  invite: freshTenantProcedure("member.write")
    .input(InviteMember)
    .mutation(({ ctx, input }) => member.inviteMember(ctx.service, input)),
  revokeInvitation: tenantProcedure("member.write")
    .input(InvitationRef)
    .mutation(({ ctx, input }) => member.revokeInvitation(ctx.service, input.id)),
  changeRole: freshTenantProcedure("member.write")
    .input(ChangeRole)
    .mutation(({ ctx, input }) => member.changeRole(ctx.service, input)),
  disable: tenantProcedure("member.write")
    .input(MemberRef)
    .mutation(({ ctx, input }) => member.disableMember(ctx.service, input.userId)),
  enable: freshTenantProcedure("member.write")
    .input(MemberRef)
    .mutation(({ ctx, input }) => member.enableMember(ctx.service, input.userId)),

  /** For the page of an invitation's link; the token stands for the right. */
  acceptInvitation: publicProcedure
    .input(AcceptInvitation)
    .mutation(async ({ ctx, input }) => member.acceptInvitation(ctx.sys, input, await ctx.identify(), originOf(ctx))),
});
