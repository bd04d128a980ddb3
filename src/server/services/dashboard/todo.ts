import { sql } from "drizzle-orm";
import type { KeyKind } from "~/domain/channel";
import { expiryOf } from "~/domain/channel-check";
import type { CaseKind } from "~/domain/exception";
import type { FacetofaceAttention } from "~/domain/facetoface";
import type { Provider } from "~/domain/provider";
import type { Id } from "~/lib/id";
import { type Fen, fen } from "~/lib/money";
import { after, beijingDate, days, startOfBeijingDate } from "~/lib/time";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { sumAttention } from "~/server/services/facetoface";
import { sumOpen } from "~/server/services/reconciliation";

/** From this many days before its end on, a key asks for somebody. */
const KEY_WARNING_DAYS = 30;
/** Above this a count says "1000+". */
const COUNT_MAX = 1_000;

/** One line of 等您处理. `since` is when it began to wait; null where there is no such moment. */
export type Todo = { amountFen: Fen | null; count: number; since: Date | null } & (
  | { kind: "case"; caseKind: CaseKind; owner: "nobody" | "me" }
  | { kind: "unknown_attempt" }
  | { kind: "refused_message" }
  | { kind: "difference" }
  | { kind: "facetoface"; attention: FacetofaceAttention }
  | { kind: "key_expiry"; channelId: Id<"channel">; channelName: string; provider: Provider; keyKind: KeyKind; daysLeft: number }
  | { kind: "no_channel"; channels: number }
);

/** What needs a person now: most money first, then what has waited longest. */
export async function listTodos(tx: Tx, ctx: Ctx): Promise<Todo[]> {
  const found = [
    ...(await openCases(tx, ctx)),
    ...(await unknownAttempts(tx, ctx)),
    ...(await refusedMessages(tx, ctx)),
    ...(await ownDifferences(tx, ctx)),
    ...(await applications(tx, ctx)),
    ...(await expiringKeys(tx, ctx)),
    ...(await missingChannel(tx, ctx)),
  ];
  return found.sort(byMoneyThenAge);
}

function byMoneyThenAge(a: Todo, b: Todo): number {
  const [left, right] = [a.amountFen ?? -1n, b.amountFen ?? -1n];
  if (left !== right) return left > right ? -1 : 1;
  return (a.since?.getTime() ?? 0) - (b.since?.getTime() ?? 0);
}

/** Cases that nobody has taken, and those of the person who asks; what a colleague has taken waits for the colleague. */
async function openCases(tx: Tx, ctx: Ctx): Promise<Todo[]> {
  const rows = await tx.execute<{ kind: CaseKind; owner: "nobody" | "me"; count: number; total: string; since: string }>(sql`
    select kind, case when owner_id is null then 'nobody' else 'me' end as owner, count(*)::int as count, sum(amount_fen)::text as total,
           (extract(epoch from min(opened_at)) * 1000)::bigint::text as since
      from app.exception_case
     where tenant_id = ${ctx.tenantId} and status = 'open' and (owner_id is null or owner_id = ${ctx.actor.id})
     group by 1, 2`);
  return rows.map(({ kind, owner, count, total, since }) => ({
    kind: "case",
    caseKind: kind,
    owner,
    count,
    amountFen: fen(BigInt(total)),
    since: new Date(Number(since)),
  }));
}

/** Few attempts are in doubt, and each is looked up by its key: the `limit` keeps the planner from reading all attempts for them. */
async function unknownAttempts(tx: Tx, ctx: Ctx): Promise<Todo[]> {
  const [row] = await tx.execute<{ count: number; total: string; since: string }>(sql`
    select count(*)::int as count, sum(t.amount_fen)::text as total, (extract(epoch from min(t.created_at)) * 1000)::bigint::text as since
      from app.open_transaction o
     cross join lateral (select * from app.transaction a where a.tenant_id = o.tenant_id and a.id = o.transaction_id limit 1) t
     where o.tenant_id = ${ctx.tenantId} and o.in_doubt and t.status = 'unknown'`);
  if (!row?.count) return [];
  return [{ kind: "unknown_attempt", count: row.count, amountFen: fen(BigInt(row.total)), since: new Date(Number(row.since)) }];
}

/** Messages of today that were not believed: perhaps a key was replaced at the provider. */
async function refusedMessages(tx: Tx, ctx: Ctx): Promise<Todo[]> {
  const today = startOfBeijingDate(beijingDate(ctx.now()));
  const [row] = await tx.execute<{ count: number; since: string }>(sql`
    select count(*)::int as count, (extract(epoch from min(received_at)) * 1000)::bigint::text as since
      from (select received_at from app.notification
             where tenant_id = ${ctx.tenantId} and state = 'refused' and received_at >= ${today.toISOString()}::timestamptz
             order by received_at desc limit ${COUNT_MAX}) refused`);
  if (!row?.count) return [];
  return [{ kind: "refused_message", count: row.count, amountFen: null, since: new Date(Number(row.since)) }];
}

/** What statements and books do not agree on, as far as it is the asking person's: each difference has an owner from the first. */
async function ownDifferences(tx: Tx, ctx: Ctx): Promise<Todo[]> {
  const { count, amountFen, oldestAt } = await sumOpen(tx, ctx, ctx.actor.id as Id<"user">);
  return count > 0 ? [{ kind: "difference", count, amountFen, since: oldestAt }] : [];
}

/** Applications for face-to-face payment, by why they wait. */
async function applications(tx: Tx, ctx: Ctx): Promise<Todo[]> {
  const sums = await sumAttention(tx, ctx);
  return sums.map((sum) => ({ kind: "facetoface", amountFen: null, ...sum }));
}

/** Of keys that may live side by side, such as platform certificates during a switch, the one that lives longest counts. */
async function expiringKeys(tx: Tx, ctx: Ctx): Promise<Todo[]> {
  const now = ctx.now();
  const bound = after(now, days(KEY_WARNING_DAYS + 1));
  const rows = await tx.execute<{ id: Id<"channel">; name: string; provider: Provider; kind: KeyKind; ends: string }>(sql`
    select c.id, c.name, c.provider, k.kind, (extract(epoch from max(k.not_after)) * 1000)::bigint::text as ends
      from app.channel c join app.channel_key k on k.tenant_id = c.tenant_id and k.channel_id = c.id
     where c.tenant_id = ${ctx.tenantId} and c.deleted_at is null and c.status = 'enabled' and k.retired_at is null and k.revoked_at is null
     group by c.id, c.name, c.provider, k.kind
    having max(k.not_after) < ${bound.toISOString()}::timestamptz and bool_and(k.not_after is not null)
     order by 5 limit 20`);
  return rows.map((row) => {
    const ends = new Date(Number(row.ends));
    return {
      kind: "key_expiry",
      count: 1,
      amountFen: null,
      since: after(ends, -days(KEY_WARNING_DAYS)),
      channelId: row.id,
      channelName: row.name,
      provider: row.provider,
      keyKind: row.kind,
      daysLeft: expiryOf(ends, now).daysLeft,
    };
  });
}

/** Without an enabled channel nobody can pay: the first thing to do. */
async function missingChannel(tx: Tx, ctx: Ctx): Promise<Todo[]> {
  const [row] = await tx.execute<{ channels: number; enabled: number }>(sql`
    select count(*)::int as channels, count(*) filter (where status = 'enabled')::int as enabled
      from app.channel where tenant_id = ${ctx.tenantId} and deleted_at is null`);
  if (row?.enabled) return [];
  return [{ kind: "no_channel", channels: row?.channels ?? 0, count: 1, amountFen: null, since: null }];
}
