import { redirect } from "next/navigation";
import type { ShellData } from "~/components/shell/types";
import { ListNotifications } from "~/domain/notification-input";
import type { Environment } from "~/domain/provider";
import { paths } from "~/lib/paths";
import { beijingDate, seconds } from "~/lib/time";
import { createServerContext } from "./api/server-context";
import { assertAccess, serviceContext } from "./api/trpc";
import type { Ctx } from "./context";
import { listUsableChannels } from "./services/channel";
import { sumCases } from "./services/exception";
import { countFacetofaceAttention } from "./services/facetoface";
import { countNotifications } from "./services/notification";
import { type Identity, listMemberships, machineNow } from "./services/session";

/** The test clock counts as moved beyond what two processes' clocks may differ. */
const MOVED_MS = seconds(2);

/** What the console's frame shows, with the rights of the person who looks. Leads to sign-in when there is no session. */
export async function getShellData(): Promise<ShellData> {
  const context = await createServerContext();
  const identity = await context.identify();
  if (!identity) redirect(paths.signIn());
  const { sys } = context;
  const now = sys.now();
  const [memberships, inside] = await Promise.all([
    listMemberships(sys, identity.userId),
    mayLook(identity) ? lookInside(serviceContext(context, identity)) : NOTHING,
  ]);
  return {
    tenant: identity.tenant && { id: identity.tenant.id, name: identity.tenant.name },
    memberships: memberships.filter(({ status }) => status === "active").map(({ tenantId, name, role }) => ({ tenantId, name, role })),
    user: { name: identity.name, email: identity.email },
    role: identity.tenant?.access.kind === "member" ? identity.tenant.access.role : null,
    isOperator: identity.isOperator,
    grantUntil: identity.tenant?.access.kind === "grant" ? identity.tenant.access.expiresAt : null,
    environment: inside.environment,
    clock: { now, moved: Math.abs(now.getTime() - machineNow().getTime()) > MOVED_MS },
    counts: inside.counts,
  };
}

type Inside = { environment: Environment; counts: ShellData["counts"] };
const NOTHING: Inside = { environment: "live", counts: { exceptions: 0, facetoface: 0, inbox: 0 } };

function mayLook(identity: Identity): boolean {
  try {
    assertAccess(identity, { kind: "tenant", permission: "exception.read", fresh: false });
    return true;
  } catch {
    // No tenant, or a suspended one: the frame stays, the page says why it is empty.
    return false;
  }
}

async function lookInside(ctx: Ctx): Promise<Inside> {
  const today = beijingDate(ctx.now());
  const [channels, cases, applications, messages] = await Promise.all([
    ctx.read((tx) => listUsableChannels(tx, ctx, null)),
    sumCases(ctx),
    countFacetofaceAttention(ctx),
    countNotifications(ctx, ListNotifications.parse({ from: today, to: today })),
  ]);
  return {
    environment: channels[0]?.environment ?? "live",
    // What came in today and was not believed, or does not fit: somebody should look.
    counts: { exceptions: cases.count, facetoface: applications, inbox: (messages.counts.refused ?? 0) + (messages.counts.misfit ?? 0) },
  };
}
