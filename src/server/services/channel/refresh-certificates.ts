import { ProviderError } from "~/lib/errors";
import { after, hours, seconds } from "~/lib/time";
import type { Ctx } from "~/server/context";
import type { VerificationKey } from "~/server/providers/port";
import { refreshCertificates as askForCertificates, memoryRefreshStore, REFRESH_GAP_MS } from "~/server/providers/wechat/certificates";
import { emit } from "~/server/services/event";
import { loadProviderChannel } from "./cache";
import { changingChannel, writeChannel } from "./change";
import { addKeys, listKeys, toldOf } from "./keys";
import { verificationPiece } from "./material";
import { findChannel } from "./queries";

/** WeChat Pay asks merchants to look more often than every twelve hours. */
export const ASK_EVERY_MS = hours(11);

/** Nobody waits for it, so a slow answer is worth waiting for. */
const DEADLINE_MS = seconds(15);

const store = memoryRefreshStore();

/**
 * Job: fetches WeChat Pay's platform certificates and adds those that are new. Asked for at once when a message names an unknown
 * serial, but at most every five minutes in each worker (CB-07); and by itself as long as the merchant has certificates at all.
 */
export async function refreshCertificates(ctx: Ctx, channelId: string): Promise<Date | null> {
  const row = await ctx.read((tx) => findChannel(tx, ctx, channelId));
  if (row?.provider !== "wechat" || row.deletedAt) return null;
  const via = await loadProviderChannel(ctx, channelId);
  if (via.provider !== "wechat") return null;
  try {
    const found = await askForCertificates(via, store, { now: ctx.now, deadlineMs: DEADLINE_MS });
    if (!found) return after(ctx.now(), REFRESH_GAP_MS);
    await addCertificates(ctx, channelId, found);
    return after(ctx.now(), ASK_EVERY_MS);
  } catch (error) {
    // A merchant in public-key mode has no certificates, and nothing to refresh.
    if (error instanceof ProviderError && error.kind === "declined") return null;
    throw error;
  }
}

/** A certificate that somebody here revoked does not come back by itself. */
async function addCertificates(ctx: Ctx, channelId: string, found: readonly VerificationKey[]): Promise<void> {
  const vault = await ctx.vault();
  await changingChannel(ctx, channelId, async (tx, row) => {
    const rows = await listKeys(tx, ctx, row.id);
    const known = new Set(rows.filter(({ kind, retiredAt }) => kind === "verification_key" && !retiredAt).map(({ keyId }) => keyId));
    const pieces = found.filter(({ id }) => !known.has(id)).map(verificationPiece);
    if (pieces.length === 0) return;
    const added = await addKeys(tx, ctx, vault, row.id, pieces);
    await writeChannel(tx, ctx, row.id, {}, true);
    await emit(tx, ctx, { type: "channel.key_add", subject: row.id, details: { after: { keys: added.map(toldOf) }, source: "provider" } });
  });
}
