import { createHash } from "node:crypto";
import { and, desc, eq, isNotNull } from "drizzle-orm";
import { invariant } from "~/lib/errors";
import { type Id, newId } from "~/lib/id";
import type { Ctx } from "~/server/context";
import { reconciliationDay, statement, statementPiece } from "~/server/db/schema";
import type { StatementFile } from "~/server/providers/statement-port";

/** Statements as received. A file is kept in sealed pieces, so that no row and no message to the database is ever large. */

const PIECE_BYTES = 1024 * 1024;

const placeOf = (id: Id<"piece">) => ({ table: "statement_piece", column: "content_sealed", rowId: id });

/**
 * Keeps a file and makes it the day's statement; null is the provider's word that the day has no data. The same bytes as before are
 * kept once. What a crash leaves half is never a statement, since only the last step says that it is whole.
 */
export async function keepStatement(ctx: Ctx, dayId: Id<"reconciliation">, file: StatementFile | null): Promise<Id<"statement">> {
  const bytes = file?.bytes ?? Buffer.alloc(0);
  const format = file?.format ?? "none";
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const known = await findSame(ctx, dayId, { format, sha256 });
  const id = known ?? newId("statement");
  const now = ctx.now();
  if (!known) {
    const vault = await ctx.vault();
    await ctx.transaction((tx) =>
      tx.insert(statement).values({ tenantId: ctx.tenantId, id, dayId, format, bytes: bytes.length, sha256, createdAt: now }),
    );
    for (let no = 0; no * PIECE_BYTES < bytes.length; no += 1) {
      const pieceId = newId("piece");
      const contentSealed = vault.seal(placeOf(pieceId), bytes.subarray(no * PIECE_BYTES, (no + 1) * PIECE_BYTES));
      await ctx.transaction((tx) =>
        tx.insert(statementPiece).values({ tenantId: ctx.tenantId, id: pieceId, statementId: id, no, contentSealed }),
      );
    }
  }
  await ctx.transaction(async (tx) => {
    await tx
      .update(statement)
      .set({ fetchedAt: now })
      .where(and(eq(statement.tenantId, ctx.tenantId), eq(statement.id, id)));
    await tx
      .update(reconciliationDay)
      .set({ statementId: id, failureCode: null, looks: 0, updatedAt: now })
      .where(and(eq(reconciliationDay.tenantId, ctx.tenantId), eq(reconciliationDay.id, dayId)));
  });
  return id;
}

async function findSame(
  ctx: Ctx,
  dayId: Id<"reconciliation">,
  { format, sha256 }: { format: string; sha256: string },
): Promise<Id<"statement"> | null> {
  const [newest] = await ctx.read((tx) =>
    tx
      .select({ id: statement.id, format: statement.format, sha256: statement.sha256 })
      .from(statement)
      .where(and(eq(statement.tenantId, ctx.tenantId), eq(statement.dayId, dayId), isNotNull(statement.fetchedAt)))
      .orderBy(desc(statement.createdAt), desc(statement.id))
      .limit(1),
  );
  return newest?.format === format && newest.sha256 === sha256 ? newest.id : null;
}

/** A kept file, byte for byte; null where the provider had said that there is none. */
export async function openStatement(ctx: Ctx, id: Id<"statement">): Promise<StatementFile | null> {
  const vault = await ctx.vault();
  return ctx.read(async (tx) => {
    const [kept] = await tx
      .select({ format: statement.format, bytes: statement.bytes, sha256: statement.sha256 })
      .from(statement)
      .where(and(eq(statement.tenantId, ctx.tenantId), eq(statement.id, id)));
    invariant(kept, "a day's statement is kept");
    if (kept.format === "none") return null;
    const bytes = Buffer.alloc(kept.bytes);
    let filled = 0;
    for (let no = 0; filled < bytes.length; no += 1) {
      const [piece] = await tx
        .select({ id: statementPiece.id, contentSealed: statementPiece.contentSealed })
        .from(statementPiece)
        .where(and(eq(statementPiece.tenantId, ctx.tenantId), eq(statementPiece.statementId, id), eq(statementPiece.no, no)));
      invariant(piece, "a statement's pieces are all there");
      filled += vault.open(placeOf(piece.id), piece.contentSealed).copy(bytes, filled);
    }
    invariant(createHash("sha256").update(bytes).digest("hex") === kept.sha256, "a statement's bytes are those that came");
    return { bytes, format: kept.format };
  });
}
