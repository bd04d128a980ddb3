import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { APPEND_ONLY, OUTSIDE_THE_WALL } from "~/server/db/walls";
import { createTestDatabase, type TestDatabase } from "~tests/support/postgres";

/** What the database itself says of the walls, read from its catalogue: a new table that breaks a rule fails here by name. */

let database: TestDatabase;
let owner: postgres.Sql;
let app: postgres.Sql;

beforeAll(async () => {
  database = await createTestDatabase();
  owner = postgres(database.ownerUrl, { max: 1, onnotice: () => {} });
  app = postgres(database.appUrl, { max: 1, onnotice: () => {} });
});
afterAll(async () => {
  await Promise.all([owner?.end(), app?.end()]);
  await database?.drop();
});

/** Tables that belong to nobody's tenant: the list of tenants, people, their sessions, and tries to sign in. */
const NOBODYS = ["auth_throttle", "session", "tenant", "user"];
const outside = OUTSIDE_THE_WALL as readonly string[];

const tables = async () =>
  owner<{ name: string; has_tenant: boolean; secured: boolean; forced: boolean }[]>`
    select c.relname as name, c.relrowsecurity as secured, c.relforcerowsecurity as forced,
           exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id') as has_tenant
      from pg_class c where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p') order by 1`;
const walled = async () => (await tables()).filter(({ name, has_tenant }) => has_tenant && !outside.includes(name)).map(({ name }) => name);

describe("tables", () => {
  it("TEN-01 each one belongs to a tenant, or is named as one that does not", async () => {
    const without = (await tables()).filter(({ has_tenant }) => !has_tenant).map(({ name }) => name);

    expect(without).toEqual(NOBODYS);
  });

  it("TEN-01 the tenant is never null", async () => {
    const nullable = await owner`
      select table_name from information_schema.columns
       where table_schema = 'app' and column_name = 'tenant_id' and is_nullable = 'YES'`;

    expect(nullable).toEqual([]);
  });

  it("TEN-01 primary keys, unique constraints and indexes begin with the tenant", async () => {
    const others = await owner<{ table: string; index: string }[]>`
      select t.relname as table, i.relname as index
        from pg_index x
        join pg_class t on t.oid = x.indrelid join pg_class i on i.oid = x.indexrelid
        join pg_attribute a on a.attrelid = t.oid and a.attnum = x.indkey[0]
       where t.relnamespace = 'app'::regnamespace and a.attname <> 'tenant_id'
         and exists (select 1 from pg_attribute b where b.attrelid = t.oid and b.attname = 'tenant_id')
       order by 1, 2`;

    const walls = await walled();
    // A person looks for their tenants by their own id, which is nobody's tenant.
    expect(others.filter(({ table }) => walls.includes(table)).map(({ index }) => index)).toEqual(["membership_user"]);
  });

  it("TEN-01 a foreign key between tables of tenants carries the tenant", async () => {
    const walls = await walled();
    const keys = await owner<{ name: string; from: string; to: string; columns: string[]; targets: string[] }[]>`
      select c.conname as name, c.conrelid::regclass::text as "from", t.relname as "to",
             array(select attname::text from unnest(c.conkey) k join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k) as columns,
             array(select attname::text from unnest(c.confkey) k join pg_attribute a on a.attrelid = c.confrelid and a.attnum = k) as targets
        from pg_constraint c join pg_class t on t.oid = c.confrelid
       where c.contype = 'f' and c.connamespace = 'app'::regnamespace`;
    const between = keys.filter(({ to }) => walls.includes(to));

    expect(between.length).toBeGreaterThan(5);
    expect(between.filter(({ columns, targets }) => !columns.includes("tenant_id") || !targets.includes("tenant_id"))).toEqual([]);
  });

  it("TEN-08 no number that a tenant brings is unique over all of them", async () => {
    const walls = await walled();
    const unique = await owner<{ table: string; columns: string[] }[]>`
      select t.relname as table, array(
               select a.attname::text from unnest(x.indkey::int2[]) k join pg_attribute a on a.attrelid = t.oid and a.attnum = k) as columns
        from pg_index x join pg_class t on t.oid = x.indrelid
       where x.indisunique and t.relnamespace = 'app'::regnamespace`;

    expect(unique.filter(({ table, columns }) => walls.includes(table) && !columns.includes("tenant_id"))).toEqual([]);
  });
});

describe("policies", () => {
  it("TEN-02 row security is enabled and forced on every table of a tenant", async () => {
    const walls = await walled();
    const open = (await tables()).filter(({ name, secured, forced }) => walls.includes(name) && !(secured && forced));

    expect(open).toEqual([]);
    expect(walls.length).toBeGreaterThan(15);
  });

  it("TEN-02 each has one policy for reading and writing, and it denies when no tenant is set", async () => {
    const policies = await owner<{ tablename: string; cmd: string; permissive: string; qual: string; with_check: string }[]>`
      select tablename, cmd, permissive, qual, with_check from pg_policies where schemaname = 'app' order by 1`;

    expect(policies.map(({ tablename }) => tablename)).toEqual([...(await walled())].sort());
    const rule = "(tenant_id = NULLIF(current_setting('app.tenant_id'::text, true), ''::text))";
    for (const { cmd, qual, with_check } of policies) expect([cmd, qual, with_check]).toEqual(["ALL", rule, rule]);
  });

  it("TEN-02 nobody reads and nobody writes without a tenant, nor with an empty one", async () => {
    const [tenant] = await owner`
      insert into app.tenant (id, name, slug, payment_max_fen, confirm_above_fen, created_at, updated_at)
      values ('ten_wall', 'Wall', 'wall', 1, 1, now(), now()) returning id`;
    const insert = (sql: postgres.ISql) => sql`
      insert into app.payment_hour (tenant_id, hour, method, created_count, created_fen, paid_count, paid_fen)
      values (${tenant?.id}, now(), 'any', 0, 0, 0, 0)`;
    await app.begin(async (sql) => {
      await sql`select set_config('app.tenant_id', 'ten_wall', true)`;
      await insert(sql);
    });

    expect(await app`select 1 from app.payment_hour`).toHaveLength(0);
    await expect(insert(app)).rejects.toMatchObject({ code: "42501" });
    await app.begin(async (sql) => {
      await sql`select set_config('app.tenant_id', '', true)`;
      expect(await sql`select 1 from app.payment_hour`).toHaveLength(0);
    });
    await app.begin(async (sql) => {
      await sql`select set_config('app.tenant_id', 'ten_other', true)`;
      expect(await sql`select 1 from app.payment_hour`).toHaveLength(0);
      expect(await sql`update app.payment_hour set paid_count = 9`).toHaveLength(0);
      await expect(sql.savepoint((inner) => insert(inner))).rejects.toMatchObject({ code: "42501" });
    });
    // The owner of the tables is behind the same wall.
    expect(await owner`select 1 from app.payment_hour`).toHaveLength(0);
  });

  it("TEN-02 what stands outside the wall holds ids and times alone", async () => {
    const columns = await owner<{ table_name: string; column_name: string }[]>`
      select table_name, column_name from information_schema.columns
       where table_schema = 'app' and table_name in ${owner([...outside])} order by 1, ordinal_position`;
    const held: Record<string, string[]> = {};
    for (const { table_name, column_name } of columns) {
      held[table_name] ??= [];
      held[table_name].push(column_name);
    }

    expect(held).toEqual({
      channel_address: ["channel_id", "tenant_id", "app_id"],
      link_address: ["token_hash", "kind", "tenant_id", "subject", "created_at"],
      member_address: ["user_id", "tenant_id"],
      outbox: ["id", "tenant_id", "job", "subject", "due_at", "attempts", "version", "last_error", "created_at"],
    });
  });
});

describe("the application's role", () => {
  it("TEN-03 owns nothing, passes no wall and stands in for nobody", async () => {
    const [role] = await app`
      select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication,
             (select count(*)::int from pg_class where relowner = r.oid) as tables,
             (select count(*)::int from pg_namespace where nspowner = r.oid) as schemas,
             (select count(*)::int from pg_proc where proowner = r.oid) as functions,
             (select count(*)::int from pg_auth_members where member = r.oid) as memberships
        from pg_roles r where rolname = current_user`;

    expect(role).toEqual({
      rolsuper: false,
      rolbypassrls: false,
      rolcreaterole: false,
      rolcreatedb: false,
      rolreplication: false,
      tables: 0,
      schemas: 0,
      functions: 0,
      memberships: 0,
    });
  });

  it("TEN-03 neither creates nor truncates nor references anything", async () => {
    const [schema] = await app`select has_schema_privilege('app', 'create') as may`;
    const grants = await app`
      select c.relname from pg_class c
       where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p')
         and (has_table_privilege(c.oid, 'truncate') or has_table_privilege(c.oid, 'references') or has_table_privilege(c.oid, 'trigger'))`;

    expect(schema).toEqual({ may: false });
    expect(grants).toEqual([]);
  });

  it("AUD-02 only adds to what may only be added to", async () => {
    const grants = await app`
      select c.relname from pg_class c
       where c.relnamespace = 'app'::regnamespace and c.relname in ${app([...APPEND_ONLY])}
         and (has_table_privilege(c.oid, 'update') or has_table_privilege(c.oid, 'delete')
              or has_any_column_privilege(c.oid, 'update'))`;

    expect(grants).toEqual([]);
    for (const table of APPEND_ONLY) {
      await expect(app`delete from ${app(`app.${table}`)}`, table).rejects.toMatchObject({ code: "42501" });
      await expect(app`truncate ${app(`app.${table}`)}`, table).rejects.toMatchObject({ code: "42501" });
    }
  });
});

describe("views and functions", () => {
  it("TEN-05 every view runs with its caller's rights", async () => {
    const views = await owner`
      select relname from pg_class
       where relnamespace = 'app'::regnamespace
         and (relkind = 'm' or relkind = 'v' and not coalesce('security_invoker=true' = any(reloptions), false))`;

    expect(views).toEqual([]);
  });

  it("TEN-05 no function runs with its owner's rights, and none is callable by everybody", async () => {
    const functions = await owner<{ name: string; definer: boolean; everybody: boolean; path: string | null }[]>`
      select p.proname as name, p.prosecdef as definer,
             has_function_privilege('public', p.oid, 'execute') as everybody,
             (select c from unnest(p.proconfig) c where c like 'search_path=%') as path
        from pg_proc p where p.pronamespace = 'app'::regnamespace`;

    expect(functions.length).toBeGreaterThan(1);
    expect(functions.filter(({ definer, everybody }) => definer || everybody)).toEqual([]);
  });
});
