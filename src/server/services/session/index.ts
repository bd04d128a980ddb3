export { checkSession, FRESH_MS, type Identity, machineNow, type TenantAccess } from "./identity";
