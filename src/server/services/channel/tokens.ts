import { and, eq, gt, isNull, or } from "drizzle-orm";
import type { AddTokenInput, TokenSubjectKind } from "~/domain/channel";
import { AppError } from "~/lib/errors";
import { type Id, newId } from "~/lib/id";
import { Secret } from "~/lib/secret";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { channelToken } from "~/server/db/schema";
import { emit } from "~/server/services/event";
import { changingChannel } from "./change";

const placeOf = (rowId: string) => ({ table: "channel_token", column: "sealed", rowId });

/** Keeps an app_auth_token of an enterprise or a merchant; it takes the place of the one before. */
export async function addToken(ctx: Ctx, input: AddTokenInput): Promise<{ tokenId: Id<"secret"> }> {
  const vault = await ctx.vault();
  const id = newId("secret");
  await changingChannel(ctx, input.channelId, async (tx, { id: channelId, provider }) => {
    if (provider !== "alipay") throw new AppError("not_allowed_now", "only Alipay knows app_auth_tokens", { reason: "not_alipay" });
    const { subjectKind, subject } = input;
    const before = await revokeWhere(tx, ctx, and(ofSubject(ctx, channelId, subjectKind, subject), isNull(channelToken.revokedAt)));
    const fingerprint = vault.blindIndex("fingerprint:app_auth_token", input.token).toString("hex").toUpperCase();
    await tx.insert(channelToken).values({
      tenantId: ctx.tenantId,
      id,
      channelId,
      subjectKind,
      subject,
      sealed: vault.seal(placeOf(id), input.token),
      fingerprint,
      expiresAt: input.expiresAt ?? null,
      createdBy: ctx.actor.id,
      createdAt: ctx.now(),
    });
    const details = { subjectKind, subject, before: before?.fingerprint ?? null, after: fingerprint };
    await emit(tx, ctx, { type: "channel.token_add", subject: channelId, details });
  });
  return { tokenId: id };
}

export async function revokeToken(ctx: Ctx, { channelId, tokenId }: { channelId: string; tokenId: string }): Promise<void> {
  await changingChannel(ctx, channelId, async (tx, row) => {
    const one = and(
      eq(channelToken.tenantId, ctx.tenantId),
      eq(channelToken.channelId, row.id),
      eq(channelToken.id, tokenId as Id<"secret">),
    );
    const [found] = await tx.select({ revokedAt: channelToken.revokedAt }).from(channelToken).where(one);
    if (!found) throw new AppError("not_found", "token");
    const revoked = await revokeWhere(tx, ctx, and(one, isNull(channelToken.revokedAt)));
    if (revoked) await emit(tx, ctx, { type: "channel.token_revoke", subject: row.id, details: revoked });
  });
}

const ofSubject = (ctx: Ctx, channelId: Id<"channel">, subjectKind: TokenSubjectKind, subject: string) =>
  and(
    eq(channelToken.tenantId, ctx.tenantId),
    eq(channelToken.channelId, channelId),
    eq(channelToken.subjectKind, subjectKind),
    eq(channelToken.subject, subject),
  );

async function revokeWhere(tx: Tx, ctx: Ctx, where: ReturnType<typeof and>) {
  const [revoked] = await tx
    .update(channelToken)
    .set({ revokedAt: ctx.now() })
    .where(where)
    .returning({ subjectKind: channelToken.subjectKind, subject: channelToken.subject, fingerprint: channelToken.fingerprint });
  return revoked ?? null;
}

/** The token that lets this channel act for a subject now; null when there is none in force. */
export async function openToken(
  ctx: Ctx,
  { channelId, subjectKind, subject }: { channelId: Id<"channel">; subjectKind: TokenSubjectKind; subject: string },
): Promise<Secret<string> | null> {
  const vault = await ctx.vault();
  const [row] = await ctx.read((tx) =>
    tx
      .select({ id: channelToken.id, sealed: channelToken.sealed })
      .from(channelToken)
      .where(
        and(
          ofSubject(ctx, channelId, subjectKind, subject),
          isNull(channelToken.revokedAt),
          or(isNull(channelToken.expiresAt), gt(channelToken.expiresAt, ctx.now())),
        ),
      ),
  );
  return row ? new Secret(vault.open(placeOf(row.id), row.sealed).toString("utf8")) : null;
}
