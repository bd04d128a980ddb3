import { and, eq, sql } from "drizzle-orm";
import {
  ASK_AFTER_REFUSAL_MS,
  ASK_AGAIN_MS,
  BELIEVED_EMPTY_AFTER_MS,
  type DayStatus,
  GIVE_UP_AFTER_MS,
  readyAt,
} from "~/domain/reconciliation";
import { ProviderError } from "~/lib/errors";
import { asId, type Id } from "~/lib/id";
import { after, seconds } from "~/lib/time";
import type { Ctx } from "~/server/context";
import { reconciliationDay } from "~/server/db/schema";
import type { ProviderChannel } from "~/server/providers/port";
import { statementProvider } from "~/server/providers/registry";
import { StatementError, type StatementFile } from "~/server/providers/statement-port";
import { loadProviderChannel } from "~/server/services/channel";
import { comparedOf } from "./compared";
import { sumSides } from "./find";
import { lookAtDay } from "./look";
import { moveDay } from "./move";
import { type Day, getDay } from "./queries";
import { keepStatement, openStatement } from "./store";

/** For the question where the statement lies; nobody waits for it, so a slow answer is worth waiting for. */
const ASK_DEADLINE_MS = seconds(15);

/**
 * Job: fetches a day's statement unless it is kept already, and compares it with our books. Answers when to come again: while there is
 * no statement, or when questions that the comparison raised will have been answered.
 */
export async function reconcileDay(ctx: Ctx, subject: string): Promise<Date | null> {
  const day = await ctx.read((tx) => getDay(tx, ctx, asId("reconciliation", subject)));
  if (day.status === "locked") return null;
  const due = readyAt(day.day);
  if (ctx.now() < due) return due;

  const via = await loadProviderChannel(ctx, day.channelId);
  try {
    const asked = day.statementId ? { day, file: await openStatement(ctx, day.statementId) } : await fetchStatement(ctx, day, via);
    if (asked === "not_ready") return await waitForIt(ctx, day);
    return await lookAtDay(ctx, asked.day, via, asked.file);
  } catch (error) {
    if (error instanceof StatementError) return failed(ctx, day, failureCodeOf(error), ASK_AFTER_REFUSAL_MS, { statementId: null });
    if (!(error instanceof ProviderError)) throw error;
    const code = failureCodeOf(error);
    if (error.kind === "declined") return failed(ctx, day, code, ASK_AFTER_REFUSAL_MS);
    // Nobody knows why: the outbox tries again, soon at first. Only after days a person is told.
    if (isHopeless(ctx, day)) return failed(ctx, day, code, null);
    await noteAsked(ctx, day.id, code);
    throw error;
  }
}

/** What is wrong with the file itself, in the provider's adapter or in ours: `bad_hash` and the words of `StatementError`. */
const FILE_WORDS: readonly string[] = ["bad_hash", "broken_archive", "too_large"];

/** A word for people, and what more is known behind a colon: a line, the provider's code. */
function failureCodeOf(error: StatementError | ProviderError): string {
  if (error instanceof StatementError) return error.lineNo === null ? error.code : `${error.code}:${error.lineNo}`;
  if (error.kind === "declined") return `declined:${error.code}`;
  if (FILE_WORDS.includes(error.code)) return error.code;
  if (error.code === "not_an_archive") return "not_a_statement";
  if (error.code === "timeout" || error.code === "connect_timeout") return "timeout";
  return `${error.kind}:${error.code}`;
}

async function fetchStatement(ctx: Ctx, day: Day, via: ProviderChannel): Promise<{ day: Day; file: StatementFile | null } | "not_ready"> {
  const fetched = await statementProvider(via).fetch(via, day.day, { now: ctx.now, deadlineMs: ASK_DEADLINE_MS });
  if (fetched.kind === "not_ready" && !(await isBelievedEmpty(ctx, day))) {
    await noteAsked(ctx, day.id, `not_ready:${fetched.code}`);
    return "not_ready";
  }
  const file = fetched.kind === "file" ? fetched.file : null;
  const statementId = await keepStatement(ctx, day.id, file);
  return { day: { ...day, statementId }, file };
}

/** Alipay may say "no such statement" of a day without trades for ever. Hours later, and with nothing in our books, it is taken at its word. */
async function isBelievedEmpty(ctx: Ctx, day: Day): Promise<boolean> {
  if (ctx.now() < after(readyAt(day.day), BELIEVED_EMPTY_AFTER_MS)) return false;
  const { ourPayments } = await ctx.read(async (tx) => sumSides(tx, ctx, await comparedOf(tx, ctx, day)));
  return ourPayments === 0;
}

const waitForIt = async (ctx: Ctx, day: Day): Promise<Date | null> =>
  isHopeless(ctx, day) ? failed(ctx, day, "not_ready:gave_up", null) : after(ctx.now(), ASK_AGAIN_MS);

/** Counted from when it was begun, or begun anew: a day of last month that somebody runs again has its time too. */
function isHopeless(ctx: Ctx, { day, begunAt }: Day): boolean {
  const since = begunAt > readyAt(day) ? begunAt : readyAt(day);
  return ctx.now() >= after(since, GIVE_UP_AFTER_MS);
}

async function failed(
  ctx: Ctx,
  day: Day,
  failureCode: string,
  againMs: number | null,
  details: { statementId?: null } = {},
): Promise<Date | null> {
  ctx.log.warn({ dayId: day.id, day: day.day, channelId: day.channelId, failureCode }, "a day could not be compared");
  const asked = { asks: sql`${reconciliationDay.asks} + 1`, askedAt: ctx.now() };
  await ctx.transaction(async (tx) => {
    const mayFail: readonly DayStatus[] = ["waiting", "failed"];
    if (mayFail.includes(day.status)) {
      await moveDay(tx, ctx, day.id, "fail", { ...details, failureCode }, { failureCode });
      await tx
        .update(reconciliationDay)
        .set(asked)
        .where(and(eq(reconciliationDay.tenantId, ctx.tenantId), eq(reconciliationDay.id, day.id)));
    }
  });
  return againMs === null || isHopeless(ctx, day) ? null : after(ctx.now(), againMs);
}

async function noteAsked(ctx: Ctx, id: Id<"reconciliation">, failureCode: string): Promise<void> {
  await ctx.transaction((tx) =>
    tx
      .update(reconciliationDay)
      .set({ failureCode, asks: sql`${reconciliationDay.asks} + 1`, askedAt: ctx.now(), updatedAt: ctx.now() })
      .where(and(eq(reconciliationDay.tenantId, ctx.tenantId), eq(reconciliationDay.id, id))),
  );
}
