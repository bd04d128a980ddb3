import type { Id } from "~/lib/id";
import type { TenantVault } from "~/server/crypto/vault";
import type { AgentTokens } from "~/server/providers/agent-port";

/** What the pre-authorised mode hands over, as it is kept. */
export type SealedTokens = { appAuthToken: string; appRefreshToken: string | null; authAppId: string | null; userId: string | null };

const placeOf = (orderId: Id<"facetoface">) => ({ table: "facetoface_order", column: "tokens_sealed", rowId: orderId });

export function sealTokens(vault: TenantVault, orderId: Id<"facetoface">, tokens: AgentTokens): Buffer {
  const { authAppId, userId } = tokens;
  const plain: SealedTokens = {
    appAuthToken: tokens.appAuthToken.reveal(),
    appRefreshToken: tokens.appRefreshToken?.reveal() ?? null,
    authAppId,
    userId,
  };
  return vault.seal(placeOf(orderId), JSON.stringify(plain));
}

export const openTokens = (vault: TenantVault, orderId: Id<"facetoface">, sealed: Buffer): SealedTokens =>
  JSON.parse(vault.open(placeOf(orderId), sealed).toString("utf8"));
