import { type Permission, type Role, roleMay } from "~/domain/tenant";
import type { Identity } from "~/server/services/session";

/** What somebody may do with applications, for greying out buttons with a reason; the server asks again. */
export type Rights = {
  /** Null for an operator, whose grant only looks. */
  role: Role | null;
  write: boolean;
  unmask: boolean;
  export: boolean;
};

export function rightsOf({ tenant }: Identity): Rights {
  const role = tenant?.access.kind === "member" ? tenant.access.role : null;
  const may = (permission: Permission) => role !== null && roleMay(role, permission);
  return { role, write: may("facetoface.write"), unmask: may("facetoface.unmask"), export: may("export.create") };
}
