import type { Role } from "~/domain/tenant";
import type { RouterOutputs } from "~/trpc/client";

/** The platform's time, the tenant's environment, and what waits on which page. `live` shows nothing; anything else is named and hatched. */
export type Frame = RouterOutputs["frame"]["get"];

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
  /** Whether this person may look inside the tenant, so that the frame can be asked for again. */
  mayLook: boolean;
  /** As it stood when the layout was made. */
  frame: Frame;
};
