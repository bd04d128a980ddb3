import { createHash } from "node:crypto";
import { minutes } from "~/lib/time";
import type { SystemCtx } from "~/server/context";
import { machineNow } from "./identity";

/** Failed tries count for a quarter of an hour (SES-07). */
const WINDOW_MS = minutes(15);

export type ThrottleKind = "account" | "device" | "address";
type Rule = { max: number; growing: boolean };
const RULES: Record<ThrottleKind, Rule> = {
  account: { max: 10, growing: true },
  /** A device that signed in to this account before has its own count: others' failures do not lock its owner out. */
  device: { max: 10, growing: true },
  address: { max: 50, growing: false },
};

export type Try = { kind: ThrottleKind; name: string };

const keyOf = ({ kind, name }: Try): Buffer => createHash("sha256").update(`${kind}\n${name}`).digest();

/**
 * Counts a try before it is made, so that parallel tries cannot slip past the limit. Answers 0 when it may go on, or how many
 * milliseconds to wait. From the fourth try on each one waits twice as long as the one before: 2 s, 4 s … a minute.
 */
export async function beginTry({ db }: Pick<SystemCtx, "db">, attempt: Try): Promise<number> {
  const { max, growing } = RULES[attempt.kind];
  const key = keyOf(attempt);
  const now = machineNow();
  const [taken] = await db.sql`
    insert into app.auth_throttle as t (key_hash, count, started_at, blocked_until) values (${key}, 1, ${now}, ${now})
    on conflict (key_hash) do update set
      count = case when t.started_at <= excluded.started_at - ${WINDOW_MS}::int * interval '1 millisecond' then 1 else t.count + 1 end,
      started_at = case when t.started_at <= excluded.started_at - ${WINDOW_MS}::int * interval '1 millisecond' then excluded.started_at else t.started_at end,
      blocked_until = excluded.started_at + case
        when not ${growing} or t.count < 3 or t.started_at <= excluded.started_at - ${WINDOW_MS}::int * interval '1 millisecond' then interval '0'
        else least(60, 2 ^ (t.count - 2)) * interval '1 second' end
    where t.started_at <= excluded.started_at - ${WINDOW_MS}::int * interval '1 millisecond'
       or (t.count < ${max} and t.blocked_until <= excluded.started_at)
    returning count`;
  if (taken) return 0;
  const [row] = await db.sql<{ count: number; started_at: Date; blocked_until: Date }[]>`
    select count, started_at, blocked_until from app.auth_throttle where key_hash = ${key}`;
  if (!row) return 1_000;
  const until = row.count >= max ? row.started_at.getTime() + WINDOW_MS : row.blocked_until.getTime();
  return Math.max(1_000, until - now.getTime());
}

/** The try was no failure, or never reached the hash: it is not counted. */
export async function undoTry({ db }: Pick<SystemCtx, "db">, attempt: Try): Promise<void> {
  await db.sql`update app.auth_throttle set count = greatest(0, count - 1) where key_hash = ${keyOf(attempt)}`;
}

/** The right password was given: earlier failures are forgotten. Counts that ended a day ago go with them. */
export async function forgetTries({ db }: Pick<SystemCtx, "db">, attempt: Try): Promise<void> {
  await db.sql`
    delete from app.auth_throttle
     where key_hash = ${keyOf(attempt)} or started_at < ${machineNow()}::timestamptz - interval '1 day'`;
}
