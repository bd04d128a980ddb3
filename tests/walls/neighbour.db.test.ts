import postgres from "postgres";
import superjson from "superjson";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ROLES } from "~/domain/tenant";
import { inputIssues, toAppError } from "~/server/api/errors";
import { listProcedures } from "~/server/api/root";
import { emit } from "~/server/services/event";
import { type Api, apiOf } from "~tests/support/factories";
import { systemForFile } from "~tests/support/system-for-file";
import { channelRecipes } from "./recipes/channel";
import { deskRecipes } from "./recipes/desk";
import { facetofaceRecipes } from "./recipes/facetoface";
import { paymentRecipes } from "./recipes/payment";
import { peopleRecipes } from "./recipes/people";
import type { Recipes } from "./recipes/recipe";
import { absentIds, type Ids, newWorld, type World } from "./world";

/** TEN-09: every procedure, called by every role with a neighbour's ids. How to add a procedure stands in recipes/recipe.ts. */

const recipes: Recipes = { ...channelRecipes, ...deskRecipes, ...facetofaceRecipes, ...paymentRecipes, ...peopleRecipes };

const { database, sys } = await systemForFile();
const reader = postgres(database.readerUrl, { max: 1, onnotice: () => {} });
afterAll(() => reader.end());
let mine: World;
let theirs: World;
beforeAll(async () => {
  [mine, theirs] = await Promise.all([newWorld(sys), newWorld(sys)]);
});

/** What a call came to, as text: its answer, or the error as the caller is told it. Of a subscription, its first news. */
async function outcome(api: Api, path: string, input: unknown): Promise<{ ok: boolean; text: string }> {
  let target = api as unknown as Record<string, unknown>;
  for (const part of path.split(".")) target = target[part] as Record<string, unknown>;
  try {
    const answer = await (target as unknown as (input: unknown) => Promise<unknown>)(input);
    return { ok: true, text: superjson.stringify(isIterable(answer) ? await first(answer) : answer) };
  } catch (error) {
    const { code, details } = toAppError(error);
    if (code === "internal") throw error;
    return { ok: false, text: JSON.stringify({ code, details, issues: inputIssues(error) }) };
  }
}

const isIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === "object" && value !== null && Symbol.asyncIterator in value;

async function first(news: AsyncIterable<unknown>): Promise<unknown> {
  for await (const item of news) return item;
  return null;
}

/** Everything that the tenant has, in one number. */
async function fingerprint({ ids }: World): Promise<string> {
  const tables = await reader<{ name: string }[]>`
    select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
     where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p') order by 1`;
  const parts: string[] = [];
  for (const { name } of tables) {
    // Seals are added by a job that this test does not run; what is due moves by itself.
    if (name === "outbox") continue;
    const [row] = await reader`
      select count(*)::int as n, md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as digest
        from ${reader(`app.${name}`)} t where tenant_id = ${ids.tenant}`;
    parts.push(`${name}:${row?.n}:${row?.digest}`);
  }
  return parts.join("\n");
}

const secretsOf = (ids: Ids): string[] => Object.values(ids).filter((id) => id.length > 5);

it("TEN-09 every procedure has its recipe, and every recipe its procedure", () => {
  expect(Object.keys(recipes).sort()).toEqual(listProcedures().map(({ path }) => path));
});

// A thousand calls: a slow machine takes its time.
it("TEN-09 TEN-07 to every role, a neighbour's things are as good as none", async () => {
  const before = await fingerprint(theirs);
  const callers = [...ROLES.map((role) => [role, mine.people[role].api] as const), ["nobody", apiOf(sys, null)] as const];
  const absent = absentIds();
  const leaks: string[] = [];
  let refused = 0;

  for (const [path, recipe] of Object.entries(recipes)) {
    for (const [role, api] of callers) {
      const inputsFor = (ids: Ids): unknown[] =>
        "own" in recipe ? recipe.own(mine.ids) : "filters" in recipe ? recipe.filters(ids) : recipe.refers(ids, mine.ids);
      const [foreign, missing] = [inputsFor(theirs.ids), inputsFor(absent)];
      for (const [n, input] of foreign.entries()) {
        const met = await outcome(api, path, input);
        const leaked = secretsOf(theirs.ids).find((secret) => met.text.includes(secret));
        if (leaked) leaks.push(`${path}: ${role} was told ${leaked}`);
        if ("own" in recipe) continue;
        const control = await outcome(api, path, missing[n]);
        if (met.text !== control.text) leaks.push(`${path} #${n}: ${role} met ${met.text}, for nothing at all ${control.text}`);
        if ("refers" in recipe && met.ok) leaks.push(`${path} #${n}: ${role} was let through`);
        if (!met.ok) refused += 1;
      }
    }
  }

  expect(leaks).toEqual([]);
  expect(refused).toBeGreaterThan(100);
  expect(await fingerprint(theirs)).toBe(before);
});

it("TEN-09 whoever is admitted meets not found, so that the walls were tried and not just the doors", async () => {
  const absent = absentIds();
  const elsewhere: string[] = [];
  for (const { path, callers } of listProcedures()) {
    const recipe = recipes[path];
    if (!recipe || !("refers" in recipe) || !callers.includes("owner")) continue;
    for (const [n, input] of recipe.refers(theirs.ids, mine.ids).entries()) {
      const met = await outcome(mine.people.owner.api, path, input);
      const control = await outcome(mine.people.owner.api, path, recipe.refers(absent, mine.ids)[n]);
      if (!met.text.includes('"not_found"') || met.text !== control.text) elsewhere.push(`${path} #${n}: ${met.text}`);
    }
  }

  expect(elsewhere).toEqual([]);
});

/** Recipes that name nobody's token on purpose. */
const NOBODYS = /^(public\.checkout\.|member\.acceptInvitation$)/;

it("TEN-09 the same calls with one's own ids are not met by not found: the recipes name what they mean to", async () => {
  const { ids, people } = await newWorld(sys);
  const lost: string[] = [];
  const paths = listProcedures().filter(
    ({ path, callers }) => callers.some((one) => one === "owner" || one === "user") && !NOBODYS.test(path),
  );
  // What takes a thing away comes after what needs it.
  const turn = ({ path }: { path: string }) => (path.includes("delete") ? 2 : /revoke/i.test(path) ? 1 : 0);
  const inOrder = [...paths].sort((a, b) => turn(a) - turn(b));
  for (const { path } of inOrder) {
    const recipe = recipes[path];
    if (!recipe || !("refers" in recipe)) continue;
    const own = path === "member.revokeSession" ? { ...ids, session: people.owner.sessionId } : ids;
    const met = await outcome(people.owner.api, path, recipe.refers(own, ids)[0]);
    if (met.text.includes('"not_found"')) lost.push(`${path}: ${met.text}`);
  }

  expect(lost).toEqual([]);
});

it("TEN-10 a subscription hears its own tenant alone", async () => {
  const stop = new AbortController();
  const heard: string[] = [];
  const news = (await mine.people.viewer.api.event.live(undefined)) as unknown as AsyncIterable<unknown>;
  const listening = (async () => {
    for await (const item of news) {
      const text = superjson.stringify(item);
      heard.push(text);
      if (text.includes("mine-was-here")) break;
      if (heard.length === 1) {
        await theirs.ctx.transaction((tx) => emit(tx, theirs.ctx, { type: "test.news", subject: "theirs-was-here" }));
        await mine.ctx.transaction((tx) => emit(tx, mine.ctx, { type: "test.news", subject: "mine-was-here" }));
      }
    }
  })();

  await listening;
  stop.abort();

  expect(heard.join()).toContain("mine-was-here");
  expect(heard.join()).not.toContain("theirs-was-here");
});
