import { roleMay } from "~/domain/tenant";
import type { Identity } from "~/server/services/session";

/** For greying out buttons; the server asks again. An operator's grant only looks. */
export const mayWriteChannels = ({ tenant }: Identity): boolean =>
  tenant?.access.kind === "member" && roleMay(tenant.access.role, "channel.write");
