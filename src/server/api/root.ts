import { channelRouter } from "./routers/channel";
import { dashboardRouter } from "./routers/dashboard";
import { eventRouter } from "./routers/event";
import { exceptionRouter } from "./routers/exception";
import { facetofaceRouter } from "./routers/facetoface";
import { frameRouter } from "./routers/frame";
import { inboxRouter } from "./routers/inbox";
import { memberRouter } from "./routers/member";
import { paymentRouter } from "./routers/payment";
import { publicRouter } from "./routers/public";
import { reconciliationRouter } from "./routers/reconciliation";
import { tenantRouter } from "./routers/tenant";
import { callersOf, createCallerFactory, type ProcedureMeta, router } from "./trpc";

/** Every router by name; a new noun adds its own line. */
export const appRouter = router({
  channel: channelRouter,
  dashboard: dashboardRouter,
  event: eventRouter,
  exception: exceptionRouter,
  facetoface: facetofaceRouter,
  frame: frameRouter,
  inbox: inboxRouter,
  payment: paymentRouter,
  member: memberRouter,
  public: publicRouter,
  reconciliation: reconciliationRouter,
  tenant: tenantRouter,
});
export type AppRouter = typeof appRouter;

/** Calls procedures from our own code with a context: prefetch, tests. */
export const createCaller = createCallerFactory(appRouter);

export type ProcedureRow = { path: string; kind: "query" | "mutation" | "subscription"; callers: string[]; fresh: boolean };

/** The complete list of procedures, read from the router itself (TEN-09): path, kind, who may call it. */
export function listProcedures(): ProcedureRow[] {
  const procedures = appRouter._def.procedures as unknown as Record<string, { _def: { type: ProcedureRow["kind"]; meta: ProcedureMeta } }>;
  return Object.entries(procedures)
    .map(([path, { _def }]) => {
      const { access } = _def.meta;
      return { path, kind: _def.type, callers: callersOf(access), fresh: access.kind !== "public" && access.fresh };
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}
