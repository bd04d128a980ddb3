import type { Ids } from "../world";
import type { Recipes } from "./recipe";

const byUser = { refers: ({ user }) => [{ userId: user }] } satisfies Recipes[string];
const byTenant = (more: Record<string, unknown> = {}) => ({ refers: ({ tenant }: Ids) => [{ tenantId: tenant, ...more }] });
const nobodys = (token: string) => `${token.slice(0, -1)}${token.endsWith("0") ? "1" : "0"}`;

/** Members, their sessions, and tenants. */
export const peopleRecipes: Recipes = {
  "member.me": { own: () => [undefined] },
  "member.list": { filters: () => [{ limit: 100 }] },
  "member.invitations": { own: () => [undefined] },
  "member.invite": { own: () => [{ email: "neu@example.test", role: "viewer" }] },
  "member.revokeInvitation": { refers: ({ invitation }) => [{ id: invitation }] },
  // An invitation's token is its holder's right; one letter beside it is nobody's.
  "member.acceptInvitation": { refers: ({ invitationToken }) => [{ token: nobodys(invitationToken) }] },
  "member.changeRole": { refers: ({ user }) => [{ userId: user, role: "owner" }] },
  "member.disable": byUser,
  "member.enable": byUser,
  "member.sessions": { own: () => [undefined] },
  "member.revokeSession": { refers: ({ session }) => [{ id: session }] },
  "member.revokeOtherSessions": { own: () => [undefined] },
  "member.confirmPassword": { own: () => [{ password: "falsch-Kf8-wmx2ha" }] },
  "member.changePassword": { own: () => [{ current: "falsch-Kf8-wmx2ha", next: "neu-Kf8-wmx2ha-p4" }] },
  "tenant.current": { own: () => [undefined] },
  "tenant.mine": { own: () => [undefined] },
  "tenant.switch": byTenant(),
  // For operators alone, whose office it is to name any tenant; members are turned away alike.
  "tenant.list": { filters: ({ tenant }) => [{ search: tenant }] },
  "tenant.create": { own: () => [{ name: "新", slug: "neu-neu", ownerEmail: "o@example.test" }] },
  "tenant.suspend": byTenant({ reason: "试试" }),
  "tenant.resume": byTenant({ reason: "试试" }),
  "tenant.setLimits": byTenant({ paymentMaxFen: 1n, confirmAboveFen: 1n }),
  "tenant.enter": byTenant({ reason: "试试", minutes: 60 }),
  "tenant.leave": { own: () => [undefined] },
};
