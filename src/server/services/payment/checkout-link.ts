import { createHash } from "node:crypto";
import { paths } from "~/lib/paths";
import type { Ctx } from "~/server/context";
import type { TenantVault } from "~/server/crypto/vault";

/** A link's token is stored only as this. */
export const tokenHash = (token: string): Buffer => createHash("sha256").update(token).digest();

/** The buyer's page for a payment. The token can be made again from the payment's id, so it need not be stored. */
export function checkoutUrl(ctx: Ctx, vault: TenantVault, paymentId: string): string {
  return `${ctx.sys.config.appUrl}${paths.checkout(vault.linkToken("checkout", paymentId))}`;
}
