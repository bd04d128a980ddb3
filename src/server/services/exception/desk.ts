import { and, eq } from "drizzle-orm";
import { AppError } from "~/lib/errors";
import { type Id, newId } from "~/lib/id";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { caseNote, exceptionCase } from "~/server/db/schema";
import { emit } from "~/server/services/event";
import { checkWorksHere } from "~/server/services/member";
import { endCase } from "./end-case";
import type { ExceptionCase } from "./open-case";

/** Gives a case to a member, or to nobody. Throws `not_found`, `not_allowed_now`. */
export async function assignCase(ctx: Ctx, caseId: Id<"case">, userId: Id<"user"> | null): Promise<ExceptionCase> {
  return ctx.transaction(async (tx) => {
    const before = await lockOpenCase(tx, ctx, caseId);
    if (userId !== null) await checkWorksHere(tx, ctx, userId);
    const [assigned] = await tx
      .update(exceptionCase)
      .set({ ownerId: userId, updatedAt: ctx.now() })
      .where(and(eq(exceptionCase.tenantId, ctx.tenantId), eq(exceptionCase.id, caseId)))
      .returning();
    if (!assigned) throw new AppError("not_found", "case", { what: "exception" });
    await emit(tx, ctx, { type: "exception.assign", subject: caseId, details: { before: before.ownerId, after: userId } });
    return assigned;
  });
}

/** Adds what somebody knows or did; notes stay for ever. */
export async function noteCase(ctx: Ctx, caseId: Id<"case">, text: string): Promise<{ id: Id<"note"> }> {
  return ctx.transaction(async (tx) => {
    await getCase(tx, ctx, caseId);
    const id = newId("note");
    await tx.insert(caseNote).values({ tenantId: ctx.tenantId, id, caseId, authorId: ctx.actor.id, text, createdAt: ctx.now() });
    await emit(tx, ctx, { type: "exception.note", subject: caseId, details: { noteId: id } });
    return { id };
  });
}

/** Ends a case without money moving. The reason is kept with it and in the audit log. Throws `not_found`, `not_allowed_now`. */
export async function dismissCase(ctx: Ctx, caseId: Id<"case">, reason: string): Promise<ExceptionCase> {
  return ctx.transaction(async (tx) => {
    await lockOpenCase(tx, ctx, caseId);
    const ended = await endCase(tx, ctx, caseId, "dismiss", reason);
    if (!ended) throw new AppError("not_allowed_now", "case has ended", { what: "exception" });
    return ended;
  });
}

export async function getCase(tx: Tx, ctx: Ctx, id: Id<"case">): Promise<ExceptionCase> {
  const [found] = await tx
    .select()
    .from(exceptionCase)
    .where(and(eq(exceptionCase.tenantId, ctx.tenantId), eq(exceptionCase.id, id)));
  if (!found) throw new AppError("not_found", "case", { what: "exception" });
  return found;
}

async function lockOpenCase(tx: Tx, ctx: Ctx, id: Id<"case">): Promise<ExceptionCase> {
  const [found] = await tx
    .select()
    .from(exceptionCase)
    .where(and(eq(exceptionCase.tenantId, ctx.tenantId), eq(exceptionCase.id, id)))
    .for("update");
  if (!found) throw new AppError("not_found", "case", { what: "exception" });
  if (found.status !== "open") throw new AppError("not_allowed_now", "case has ended", { status: found.status });
  return found;
}
