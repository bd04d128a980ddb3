import { defineMachine } from "~/lib/state-machine";

export const tenantMachine = defineMachine({
  states: ["active", "suspended"],
  initial: "active",
  transitions: {
    suspend: { from: ["active"], to: "suspended" },
    resume: { from: ["suspended"], to: "active" },
  },
});
export type TenantStatus = (typeof tenantMachine.states)[number];

/** What a member may do in one tenant. `operator` is not among them: platform staff enter through a grant. */
export const ROLES = ["owner", "admin", "finance", "viewer"] as const;
export type Role = (typeof ROLES)[number];

export const ROLE_LABEL = {
  zh: { owner: "所有者", admin: "管理员", finance: "财务", viewer: "只读" },
  en: { owner: "Owner", admin: "Admin", finance: "Finance", viewer: "Viewer" },
} satisfies Record<"zh" | "en", Record<Role, string>>;

/** Each permission with the roles that hold it: the one table that procedures, pages and buttons read (SES-02). */
export const PERMISSIONS = {
  "dashboard.read": ["owner", "admin", "finance", "viewer"],
  "payment.read": ["owner", "admin", "finance", "viewer"],
  "payment.write": ["owner", "finance"],
  "exception.read": ["owner", "admin", "finance", "viewer"],
  "exception.write": ["owner", "finance"],
  "reconciliation.read": ["owner", "admin", "finance", "viewer"],
  "reconciliation.write": ["owner", "finance"],
  "facetoface.read": ["owner", "admin", "finance", "viewer"],
  "facetoface.write": ["owner", "admin"],
  "facetoface.unmask": ["owner", "admin"],
  "inbox.read": ["owner", "admin", "finance", "viewer"],
  "inbox.rerun": ["owner", "admin", "finance"],
  "channel.read": ["owner", "admin", "finance", "viewer"],
  "channel.write": ["owner"],
  "member.read": ["owner", "admin", "finance", "viewer"],
  "member.write": ["owner"],
  "event.read": ["owner", "admin", "finance", "viewer"],
  "export.create": ["owner", "finance"],
  "personal.unmask": ["owner", "finance"],
} as const satisfies Record<string, readonly Role[]>;
export type Permission = keyof typeof PERMISSIONS;

export const roleMay = (role: Role, permission: Permission): boolean => (PERMISSIONS[permission] as readonly Role[]).includes(role);

/** An operator's grant reads everything and writes nothing: help, not hands. */
export const OPERATOR_GRANT_PERMISSIONS: readonly Permission[] = [
  "dashboard.read",
  "payment.read",
  "exception.read",
  "reconciliation.read",
  "facetoface.read",
  "inbox.read",
  "channel.read",
  "member.read",
  "event.read",
];

export const TENANT_STATUS_LABEL = {
  zh: { active: "正常", suspended: "已停用" },
  en: { active: "Active", suspended: "Suspended" },
} satisfies Record<"zh" | "en", Record<TenantStatus, string>>;
