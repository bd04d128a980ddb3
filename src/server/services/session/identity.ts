import type { Role, TenantStatus } from "~/domain/tenant";
import type { Id } from "~/lib/id";
import { hours, minutes } from "~/lib/time";
import type { SystemCtx } from "~/server/context";

/** A session ends half an hour after it was last used … */
export const IDLE_MS = minutes(30);
/** … and in any case eight hours after sign-in (SES-04). */
export const ABSOLUTE_MS = hours(8);
/** How long a given password counts as fresh (SES-09). */
export const FRESH_MS = minutes(10);

/** Sessions, throttles and grants live by the machine's time: moving the test clock must neither end nor prolong them. */
export const machineNow = (): Date => new Date();

/** How somebody may be inside a tenant: as its member, or as an operator with a grant. */
export type TenantAccess = { kind: "member"; role: Role } | { kind: "grant"; grantId: Id<"grant">; expiresAt: Date };

/** Who a request comes from, as the database knows it at this moment. */
export type Identity = {
  sessionId: Id<"session">;
  userId: Id<"user">;
  name: string;
  email: string;
  locale: "zh" | "en";
  isOperator: boolean;
  authenticatedAt: Date;
  /** The tenant that the session works in, or null: none chosen, membership gone, grant over. */
  tenant: { id: Id<"tenant">; slug: string; name: string; status: TenantStatus; access: TenantAccess } | null;
};

type Row = {
  user_id: Id<"user">;
  user_name: string;
  email: string;
  locale: "zh" | "en";
  is_operator: "yes" | "no";
  authenticated_at: Date;
  tenant_id: Id<"tenant"> | null;
  tenant_slug: string;
  tenant_name: string;
  tenant_status: TenantStatus;
  role: Role | null;
  grant_id: Id<"grant"> | null;
  grant_expires_at: Date | null;
};

/**
 * Who a session is, or null when it is over. One statement and no cache, so that disabling, role changes and signing out count
 * from the next request (SES-03). `touch` is false for checks that no person caused, such as a socket's heartbeat.
 */
export async function checkSession(
  sys: Pick<SystemCtx, "db">,
  sessionId: Id<"session">,
  options: { touch: boolean } = { touch: true },
): Promise<Identity | null> {
  const [row] = await sys.db.sql<Row[]>`
    select * from app.check_session(${sessionId}, ${machineNow()}, ${IDLE_MS}, ${options.touch})`;
  if (!row) return null;
  return {
    sessionId,
    userId: row.user_id,
    name: row.user_name,
    email: row.email,
    locale: row.locale,
    isOperator: row.is_operator === "yes",
    authenticatedAt: row.authenticated_at,
    tenant: row.tenant_id
      ? { id: row.tenant_id, slug: row.tenant_slug, name: row.tenant_name, status: row.tenant_status, access: accessOf(row) }
      : null,
  };
}

function accessOf(row: Row): TenantAccess {
  if (row.grant_id && row.grant_expires_at) return { kind: "grant", grantId: row.grant_id, expiresAt: row.grant_expires_at };
  if (row.role) return { kind: "member", role: row.role };
  throw new Error("invariant broken: a session's tenant comes with a role or a grant");
}
