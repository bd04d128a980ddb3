import { redirect } from "next/navigation";
import type { ShellData } from "~/components/shell/types";
import { paths } from "~/lib/paths";
import { createServerContext } from "./api/server-context";
import { assertAccess, serviceContext } from "./api/trpc";
import { emptyFrame, getFrame } from "./services/dashboard";
import { type Identity, listMemberships } from "./services/session";

/** What the console's frame shows, with the rights of the person who looks. Leads to sign-in when there is no session. */
export async function getShellData(): Promise<ShellData> {
  const context = await createServerContext();
  const identity = await context.identify();
  if (!identity) redirect(paths.signIn());
  const { sys } = context;
  const looks = mayLook(identity);
  const [memberships, frame] = await Promise.all([
    listMemberships(sys, identity.userId),
    looks ? getFrame(serviceContext(context, identity)) : emptyFrame(sys),
  ]);
  return {
    tenant: identity.tenant && { id: identity.tenant.id, name: identity.tenant.name },
    memberships: memberships.filter(({ status }) => status === "active").map(({ tenantId, name, role }) => ({ tenantId, name, role })),
    user: { name: identity.name, email: identity.email },
    role: identity.tenant?.access.kind === "member" ? identity.tenant.access.role : null,
    isOperator: identity.isOperator,
    grantUntil: identity.tenant?.access.kind === "grant" ? identity.tenant.access.expiresAt : null,
    mayLook: looks,
    frame,
  };
}

function mayLook(identity: Identity): boolean {
  try {
    assertAccess(identity, { kind: "tenant", permission: "exception.read", fresh: false });
    return true;
  } catch {
    // No tenant, or a suspended one: the frame stays, the page says why it is empty.
    return false;
  }
}
