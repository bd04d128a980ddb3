import type { Environment } from "~/domain/provider";
import type { Role } from "~/domain/tenant";

/** All that the console's frame shows; the session and a few counts feed it. */
export type ShellData = {
  /** The tenant that the session works in; null for an operator without a grant. */
  tenant: { id: string; name: string } | null;
  /** Every tenant that this person may switch to. */
  memberships: readonly { tenantId: string; name: string; role: Role }[];
  user: { name: string; email: string };
  /** Null for an operator, who enters by a grant. */
  role: Role | null;
  isOperator: boolean;
  /** While an operator looks into a tenant: until when. */
  grantUntil: Date | null;
  /** `live` shows nothing; anything else is named and hatched. */
  environment: Environment;
  /** The platform's time; `moved` when a test clock was set. */
  clock: { now: Date; moved: boolean };
  counts: { exceptions: number; facetoface: number; inbox: number };
};
