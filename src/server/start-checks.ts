import type { SystemCtx } from "./context";
import { expectedSchema, schemaInDatabase } from "./db/schema-version";
import { findLiveChannel } from "./services/invariant";

/** More than this between our clock and the database's, and signatures, expiries and sessions would be judged wrongly. */
export const CLOCK_SKEW_MAX_MS = 30_000;
const POSTGRES_MIN = 150_000;

/**
 * What must be right before anything is served (ERR-04). Throws an Error whose message is one line for people. The configuration
 * and the master keys were checked before, when they were read.
 */
export async function checkStart(sys: SystemCtx): Promise<void> {
  await checkServer(sys);
  await checkRole(sys);
  await checkSchema(sys);
  if (sys.config.testClock) {
    const live = await findLiveChannel(sys);
    if (live)
      throw new Error(
        `TEST_CLOCK is 1 although channel ${live} is live: a clock that can be moved must not meet real money. Set TEST_CLOCK=0.`,
      );
  }
}

async function checkServer({ db, config }: SystemCtx): Promise<void> {
  const [server] = await db.sql<{ version: number; now: Date }[]>`
    select current_setting('server_version_num')::int as version, clock_timestamp() as now`;
  if (!server || server.version < POSTGRES_MIN) throw new Error("DATABASE_URL leads to a PostgreSQL older than 15");
  const skewMs = Math.abs(server.now.getTime() - Date.now());
  if (!config.testClock && skewMs > CLOCK_SKEW_MAX_MS) {
    throw new Error(`this machine's clock and the database's differ by ${Math.round(skewMs / 1_000)} s: synchronise them (NTP)`);
  }
}

/** The application's role owns nothing and cannot pass row security: a hole in a query must not become a hole in the wall (TEN-03). */
async function checkRole({ db }: SystemCtx): Promise<void> {
  const [role] = await db.sql<{ name: string; super: boolean; bypass: boolean; owned: string | null; member: string | null }[]>`
    select r.rolname as name, r.rolsuper as super, r.rolbypassrls as bypass,
           (select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
             where c.relowner = r.oid and n.nspname in ('app', 'bullmq', 'drizzle') limit 1) as owned,
           (select o.rolname from pg_roles o
             where o.oid <> r.oid and pg_has_role(r.oid, o.oid, 'member')
               and (o.rolsuper or o.rolbypassrls or o.oid in (select nspowner from pg_namespace where nspname in ('app', 'bullmq', 'drizzle')))
             limit 1) as member
      from pg_roles r where r.rolname = current_user`;
  if (!role) throw new Error("DATABASE_URL's role cannot see itself");
  if (role.super || role.bypass)
    throw new Error(`DATABASE_URL's role "${role.name}" passes row security: use a role without SUPERUSER and BYPASSRLS`);
  if (role.owned) throw new Error(`DATABASE_URL's role "${role.name}" owns ${role.owned}: the application's role must own nothing`);
  if (role.member)
    throw new Error(`DATABASE_URL's role "${role.name}" may act as "${role.member}", which passes the walls: take it out of that role`);
}

async function checkSchema({ db }: SystemCtx): Promise<void> {
  const expected = expectedSchema();
  const actual = await schemaInDatabase(db);
  if (actual === null) throw new Error("the database has no schema yet: run npm run migrate");
  if (actual < expected.when) throw new Error(`the database's schema is older than this version (${expected.tag}): run npm run migrate`);
  if (actual > expected.when)
    throw new Error(`the database's schema is newer than this version (${expected.tag}): start the newer version`);
}
