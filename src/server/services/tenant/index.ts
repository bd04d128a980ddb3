export { createTenant, createTenantWithOwner, findTenantBySlug, type NewTenant } from "./create";
export { enterTenant, leaveTenant } from "./grant";
export { moveTenant, setLimits, tenantExists } from "./move";
export { listTenants } from "./queries";
