export { checkBooks } from "./check-books";
export { type CheckResult, checkTenant } from "./check-tenant";
export { recreateMissingJobs } from "./recreate-jobs";
export { findLiveChannel, listTenantIds } from "./tenants";
