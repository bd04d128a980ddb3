export { DEVICE_MS } from "./device";
export { ABSOLUTE_MS, checkSession, FRESH_MS, type Identity, machineNow, type TenantAccess } from "./identity";
export { listMemberships, type Membership } from "./memberships";
export { actorOf, noteInTenant } from "./note";
export { changePassword, confirmPassword, listSessions, revokeOtherSessions, revokeSession, signOut } from "./sessions";
export { type Credentials, type Origin, openSession, type SignInResult, signIn } from "./sign-in";
export { switchTenant } from "./switch-tenant";
