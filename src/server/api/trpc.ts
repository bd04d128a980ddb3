import { initTRPC } from "@trpc/server";
import superjson from "superjson";
import { OPERATOR_GRANT_PERMISSIONS, PERMISSIONS, type Permission, roleMay } from "~/domain/tenant";
import { AppError } from "~/lib/errors";
import { type Actor, type Ctx, inTenant } from "~/server/context";
import { actorOf, FRESH_MS, type Identity, machineNow, type Origin } from "~/server/services/session";
import type { ApiContext } from "./context";
import { inputIssues, toAppError, toTrpcError } from "./errors";
import { checkInputLimits } from "./input-limits";
import { countCall } from "./rate-limit";
import { watched } from "./watched";

/** Who may call a procedure. Every procedure declares it: one without does not start (SES-02). */
export type Access =
  | { kind: "public" }
  | { kind: "user"; fresh: boolean }
  | { kind: "operator"; fresh: boolean }
  | { kind: "tenant"; permission: Permission; fresh: boolean };
export type ProcedureMeta = { access: Access };

const t = initTRPC
  .context<ApiContext>()
  .meta<ProcedureMeta>()
  .create({
    transformer: superjson,
    // A stack leaves the house in no environment (ERR-01).
    isDev: false,
    errorFormatter({ shape, error, ctx }) {
      const app = toAppError(error);
      return {
        message: app.code,
        code: shape.code,
        data: {
          code: toTrpcError(error).code,
          httpStatus: shape.data.httpStatus,
          path: shape.data.path,
          appCode: app.code,
          requestId: ctx?.requestId ?? null,
          details: app.details,
          issues: inputIssues(error),
        },
      };
    },
  });

/** A router, refused at start when one of its procedures does not say who may call it. */
export const router = ((record: Record<string, unknown>) => {
  for (const [name, entry] of Object.entries(record)) {
    const { _def } = entry as { _def?: { procedure?: boolean; meta?: Partial<ProcedureMeta> } };
    if (_def?.procedure && !_def.meta?.access) throw new Error(`procedure "${name}" does not declare who may call it`);
  }
  return t.router(record as never);
}) as typeof t.router;

export const createCallerFactory = t.createCallerFactory;

/** First of all: bounds of the input, the browser's origin, and our errors in tRPC's words. */
const guarded = t.procedure.use(async ({ ctx, type, getRawInput, next }) => {
  if (type === "mutation" && ctx.transport !== "server" && !ctx.sameOrigin) {
    ctx.sys.log.warn({ security: "foreign_origin", requestId: ctx.requestId, ip: ctx.ip }, "state change from a foreign origin refused");
    throw toTrpcError(new AppError("forbidden", "foreign origin"));
  }
  try {
    checkInputLimits(await getRawInput());
  } catch (error) {
    throw toTrpcError(error);
  }
  const result = await next();
  if (result.ok) return result;
  return { ...result, error: toTrpcError(result.error) };
});

/** `access` and how it is enforced stand together, so the table that `cli procedures` prints is the one that is checked. */
function procedureFor<A extends Access>(access: A) {
  return guarded.meta({ access }).use(async ({ ctx, path, next }) => {
    const identity = access.kind === "public" ? null : await ctx.identify();
    if (ctx.transport !== "server") {
      const caller = access.kind === "tenant" && identity?.tenant ? identity.tenant.id : ctx.ip;
      await countCall(caller, path, access.kind === "tenant" ? access.permission : null);
    }
    if (access.kind !== "public") assertAccess(identity, access);
    return next({ ctx: { identity } });
  });
}

/** Throws unless this person may make this call now. Pages and sockets use the same function as procedures (SES-01). */
export function assertAccess(identity: Identity | null, access: Exclude<Access, { kind: "public" }>): asserts identity is Identity {
  if (!identity) throw new AppError("unauthenticated");
  if (access.kind === "operator" && !identity.isOperator) throw new AppError("forbidden", "for operators only");
  if (access.kind === "tenant") assertPermission(identity, access.permission);
  if (access.fresh && machineNow().getTime() - identity.authenticatedAt.getTime() > FRESH_MS) throw new AppError("fresh_sign_in_required");
}

function assertPermission({ tenant }: Identity, permission: Permission): void {
  if (!tenant) throw new AppError("forbidden", "no tenant is active", { reason: "no_tenant" });
  const may = tenant.access.kind === "grant" ? OPERATOR_GRANT_PERMISSIONS.includes(permission) : roleMay(tenant.access.role, permission);
  if (!may) throw new AppError("forbidden", `needs ${permission}`, { permission });
  if (tenant.status === "suspended" && tenant.access.kind === "member") {
    throw new AppError("forbidden", "the tenant is suspended", { reason: "tenant_suspended" });
  }
}

/** The service context of a signed-in person: the tenant comes from the session, never from input (TEN-06). */
export function serviceContext(ctx: ApiContext, identity: Identity): Ctx {
  const { tenant } = identity;
  if (!tenant) throw new AppError("forbidden", "no tenant is active", { reason: "no_tenant" });
  return inTenant(ctx.sys, tenant.id, actorOf(tenant.access, identity.userId, originOf(ctx)));
}

/** Where a call came from, for services that act outside of a tenant's context. */
export const originOf = ({ ip, userAgent, requestId }: ApiContext): Origin => ({ ip, userAgent, requestId });

/** Anybody. What it answers must be safe for anybody. */
export const publicProcedure = procedureFor({ kind: "public" });

const forUser = (fresh: boolean) =>
  procedureFor({ kind: "user", fresh }).use(({ ctx, next }) => next({ ctx: { identity: known(ctx.identity) } }));
/** Somebody signed in, whichever tenant they work in. */
export const userProcedure = forUser(false);
/** The same, with the password given within the last ten minutes. */
export const freshUserProcedure = forUser(true);

const forOperator = (fresh: boolean) =>
  procedureFor({ kind: "operator", fresh }).use(({ ctx, next }) => {
    const identity = known(ctx.identity);
    const actor: Actor = { kind: "operator", id: identity.userId, grantId: null, ip: ctx.ip, requestId: ctx.requestId };
    return next({ ctx: { identity, actor } });
  });
/** Platform staff, outside of any tenant. */
export const operatorProcedure = forOperator(false);
export const freshOperatorProcedure = forOperator(true);

const inActiveTenant = (permission: Permission, fresh: boolean) =>
  procedureFor({ kind: "tenant", permission, fresh }).use(async ({ ctx, type, signal, next }) => {
    const identity = known(ctx.identity);
    const result = await next({ ctx: { identity, service: serviceContext(ctx, identity) } });
    if (type !== "subscription" || !result.ok) return result;
    // A subscription outlives its first check: it ends when the person may no longer listen (SES-03, WEB-05).
    const check = async () => {
      const now = await ctx.identify({ touch: false });
      assertAccess(now, { kind: "tenant", permission, fresh: false });
      if (now.tenant?.id !== identity.tenant?.id) throw new AppError("forbidden", "another tenant is active");
    };
    return { ...result, data: watched(result.data, { check, signal }) };
  });

/** Somebody who holds `permission` in the tenant of their session. Gives `ctx.service`. */
export const tenantProcedure = (permission: Permission) => inActiveTenant(permission, false);
/** The same, with the password given within the last ten minutes: keys, roles, callback addresses (SES-09). */
export const freshTenantProcedure = (permission: Permission) => inActiveTenant(permission, true);

function known(identity: Identity | null): Identity {
  if (!identity) throw new AppError("unauthenticated");
  return identity;
}

/** Who may call, in words: for `cli procedures` and the role table. */
export function callersOf(access: Access): string[] {
  if (access.kind === "public") return ["anyone"];
  if (access.kind === "user") return ["user"];
  if (access.kind === "operator") return ["operator"];
  const grant = OPERATOR_GRANT_PERMISSIONS.includes(access.permission) ? ["operator grant"] : [];
  return [...PERMISSIONS[access.permission], ...grant];
}
