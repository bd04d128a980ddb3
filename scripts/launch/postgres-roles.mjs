import postgres from "postgres";

// Who may wait how long. The platform sets shorter limits where it knows better; these hold for everything else.
const LIMITS = {
  app_owner: { lock_timeout: "30s" },
  app_user: { statement_timeout: "60s", lock_timeout: "5s", idle_in_transaction_session_timeout: "60s" },
  app_reader: { statement_timeout: "120s", default_transaction_read_only: "on" },
};

/**
 * Makes the three roles and the database, or brings them to what they should be:
 * `app_owner` owns the schema and runs migrations; `app_user` is the application, owns nothing and cannot pass row security;
 * `app_reader` reads everything and writes nothing, for people, dumps and checks.
 * @param {string} superuserUrl
 * @param {Record<import("./secrets.mjs").DatabaseRole, string>} passwords
 */
export async function ensureRoles(superuserUrl, passwords) {
  const sql = postgres(superuserUrl, { max: 1, onnotice: () => {} });
  try {
    const existing = new Set((await sql`select rolname from pg_roles`).map((row) => row.rolname));
    for (const role of /** @type {const} */ (["app_owner", "app_user", "app_reader"])) {
      if (!existing.has(role)) await sql`create role ${sql(role)}`;
      // Passwords are our own, made of letters that need no quoting; DDL takes no parameters.
      const rights = `login nosuperuser nocreatedb nocreaterole noreplication ${role === "app_reader" ? "bypassrls" : "nobypassrls"}`;
      await sql.unsafe(`alter role ${role} with ${rights} password '${quoted(passwords[role])}'`);
      for (const [name, value] of Object.entries(LIMITS[role])) await sql.unsafe(`alter role ${role} set ${name} = '${value}'`);
    }
    await sql`grant pg_read_all_data to app_reader`;
    const [database] = await sql`select 1 from pg_database where datname = 'xjz'`;
    if (!database) await sql`create database xjz owner app_owner`;
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** @param {string} text */
function quoted(text) {
  if (!/^[\w-]+$/.test(text)) throw new Error("a generated password holds only letters, digits, - and _");
  return text;
}
