import { afterEach, describe, expect, it, vi } from "vitest";
import { hours, minutes } from "~/lib/time";
import { session } from "~/server/db/schema";
import { changeRole, disableMember, joinTenant } from "~/server/services/member";
import { codeOf, newMember, newPerson, origin, PASSWORD, type Person, signInAs } from "~tests/support/factories";
import { newTenant } from "~tests/support/system";
import { systemForFile } from "~tests/support/system-for-file";
import { changePassword, checkSession, confirmPassword, listSessions, revokeSession, signIn, signOut, switchTenant } from ".";

const { sys } = await systemForFile();

afterEach(() => {
  vi.useRealTimers();
});

/** Sessions live by the machine's time: moves it, and nothing that waits. */
const passTime = (ms: number) => vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + ms });

const attempt = (person: Pick<Person, "email">, password = PASSWORD, ip = "192.0.2.1", deviceToken: string | null = null) =>
  signIn(sys, { email: person.email, password, deviceToken }, origin(ip));

const signedIn = async (person: Person, deviceToken: string | null = null, ip?: string) => {
  const result = await attempt(person, PASSWORD, ip, deviceToken);
  if (result.kind !== "signed_in") throw new Error(result.kind);
  return result;
};

describe("signing in", () => {
  it("SES-04 makes a new session under a new id each time", async () => {
    const person = await newPerson(sys);

    const first = await signedIn(person);
    const second = await signedIn(person);

    expect(second.sessionId).not.toBe(first.sessionId);
    expect(await checkSession(sys, first.sessionId)).toMatchObject({ userId: person.id, tenant: null });
    expect(await checkSession(sys, second.sessionId)).not.toBeNull();
  });

  it("enters the tenant that the person worked in last", async () => {
    const [one, other] = [await newTenant(sys), await newTenant(sys)];
    const member = await newMember(one, "finance");
    await other.transaction((tx) => joinTenant(tx, other, { userId: member.id, role: "viewer" }));
    await switchTenant(sys, await member.identity(), other.tenantId, origin());

    const again = await signInAs(sys, member);

    expect((await again.identity()).tenant).toMatchObject({ id: other.tenantId, access: { kind: "member", role: "viewer" } });
  });

  it("SES-08 answers unknown, wrong and disabled accounts alike", async () => {
    const person = await newPerson(sys);
    const gone = await newPerson(sys);
    await sys.db.sql`update app."user" set disabled_at = now() where id = ${gone.id}`;

    expect(await attempt({ email: "nobody@example.test" })).toEqual({ kind: "refused" });
    expect(await attempt(person, "wrong-Vk3-pbt9qz")).toEqual({ kind: "refused" });
    expect(await attempt(gone)).toEqual({ kind: "refused" });
  });
});

describe("throttle", () => {
  /** Fails as fast as the growing delay lets one. */
  const failUntilRefused = async (person: Pick<Person, "email">, ip: string) => {
    let reached = 0;
    for (let round = 0; round < 40; round++) {
      const result = await attempt(person, "wrong-Vk3-pbt9qz", ip);
      if (result.kind === "refused") reached += 1;
      else if (result.kind === "wait" && result.retryAfterSeconds > 90) return { reached, waitSeconds: result.retryAfterSeconds };
      else passTime(61_000);
    }
    throw new Error("never refused");
  };

  it("SES-07 lets ten failures per account reach the hash in a quarter of an hour, known account or not", async () => {
    const person = await newPerson(sys);

    expect((await failUntilRefused(person, "192.0.2.10")).reached).toBe(10);
    expect((await failUntilRefused({ email: "nobody-at-all@example.test" }, "192.0.2.11")).reached).toBe(10);
  });

  it("SES-07 makes each try after the third wait longer, and forgets after a quarter of an hour", async () => {
    const person = await newPerson(sys);
    const ip = "192.0.2.12";
    const waits: number[] = [];
    for (let n = 0; n < 8; n++) {
      await attempt(person, "wrong-Vk3-pbt9qz", ip);
      const next = await attempt(person, "wrong-Vk3-pbt9qz", ip);
      if (next.kind === "wait") {
        waits.push(next.retryAfterSeconds);
        passTime(next.retryAfterSeconds * 1_000);
      }
    }

    expect(waits.length).toBeGreaterThan(2);
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    passTime(minutes(16));
    expect((await attempt(person, PASSWORD, ip)).kind).toBe("signed_in");
  });

  it("SES-07 parallel tries cannot slip past the limit", async () => {
    const person = await newPerson(sys);

    const results = await Promise.all(Array.from({ length: 30 }, (_, n) => attempt(person, "wrong-Vk3-pbt9qz", `198.51.100.${n}`)));

    expect(results.filter(({ kind }) => kind === "refused").length).toBeLessThanOrEqual(10);
  });

  it("SES-07 a known device is not locked out by others' failures", async () => {
    const person = await newPerson(sys);
    const { deviceToken } = await signedIn(person);
    await failUntilRefused(person, "192.0.2.13");

    expect((await attempt(person, PASSWORD, "192.0.2.14")).kind).toBe("wait");
    expect((await attempt(person, PASSWORD, "192.0.2.14", deviceToken)).kind).toBe("signed_in");
    expect((await attempt(person, PASSWORD, "192.0.2.14", `${deviceToken.slice(0, -1)}x`)).kind).toBe("wait");
  });

  it("SES-07 another account's device token is worth nothing", async () => {
    const [person, neighbour] = [await newPerson(sys), await newPerson(sys)];
    const { deviceToken } = await signedIn(neighbour);
    await failUntilRefused(person, "192.0.2.15");

    expect((await attempt(person, PASSWORD, "192.0.2.16", deviceToken)).kind).toBe("wait");
  });

  it("SES-07 lets fifty failures per address reach the hash, over all accounts", async () => {
    const ip = "192.0.2.17";
    let reached = 0;
    for (let n = 0; n < 54; n++) {
      if ((await attempt({ email: `guess-${n}@example.test` }, "wrong-Vk3-pbt9qz", ip)).kind === "refused") reached += 1;
    }

    expect(reached).toBe(50);
    expect((await attempt(await newPerson(sys), PASSWORD, "192.0.2.18")).kind).toBe("signed_in");
  });
});

describe("a session", () => {
  it("SES-04 ends after half an hour without use", async () => {
    const person = await signInAs(sys, await newPerson(sys));

    passTime(minutes(29));
    expect(await checkSession(sys, person.sessionId)).not.toBeNull();
    passTime(minutes(29));
    expect(await checkSession(sys, person.sessionId)).not.toBeNull();
    passTime(minutes(31));
    expect(await checkSession(sys, person.sessionId)).toBeNull();
  });

  it("SES-04 a heartbeat does not keep it alive", async () => {
    const person = await signInAs(sys, await newPerson(sys));

    passTime(minutes(20));
    expect(await checkSession(sys, person.sessionId, { touch: false })).not.toBeNull();
    passTime(minutes(11));
    expect(await checkSession(sys, person.sessionId)).toBeNull();
  });

  it("SES-04 ends after eight hours in any case", async () => {
    const person = await signInAs(sys, await newPerson(sys));
    for (let half = 0; half < 16; half++) {
      passTime(minutes(29));
      expect(await checkSession(sys, person.sessionId)).not.toBeNull();
    }

    passTime(hours(8) - minutes(29) * 16 + 1_000);

    expect(await checkSession(sys, person.sessionId)).toBeNull();
  });

  it("SES-03 a role change counts with the next request", async () => {
    const ctx = await newTenant(sys);
    const finance = await newMember(ctx, "finance");
    expect((await finance.identity()).tenant?.access).toEqual({ kind: "member", role: "finance" });

    await changeRole(ctx, { userId: finance.id, role: "viewer" });

    expect((await finance.identity()).tenant?.access).toEqual({ kind: "member", role: "viewer" });
  });

  it("SES-03 a disabled member is out with the next request, and out of that tenant alone", async () => {
    const ctx = await newTenant(sys);
    const member = await newMember(ctx, "admin");

    await disableMember(ctx, member.id);

    expect((await member.identity()).tenant).toBeNull();
    expect(await codeOf(member.api.member.list({}))).toBe("forbidden");
  });

  it("SES-03 a new password ends every other session at once", async () => {
    const person = await newPerson(sys);
    const [here, there] = [await signInAs(sys, person), await signInAs(sys, person)];

    await changePassword(sys, await here.identity(), { current: PASSWORD, next: "另一个-Vk3-pbt9qz" }, origin());

    expect(await checkSession(sys, here.sessionId)).not.toBeNull();
    expect(await checkSession(sys, there.sessionId)).toBeNull();
    expect((await attempt(person, PASSWORD, "192.0.2.30")).kind).toBe("refused");
  });

  it("SES-03 signing out ends it with the next request", async () => {
    const person = await signInAs(sys, await newPerson(sys));

    await signOut(sys, person.sessionId, origin());
    await signOut(sys, person.sessionId, origin());

    expect(await checkSession(sys, person.sessionId)).toBeNull();
    expect(await codeOf(person.api.member.me())).toBe("unauthenticated");
  });

  it("SES-03 a disabled account is out everywhere", async () => {
    const person = await signInAs(sys, await newPerson(sys));

    await sys.db.sql`update app."user" set disabled_at = now() where id = ${person.id}`;

    expect(await checkSession(sys, person.sessionId)).toBeNull();
  });

  it("lists and revokes one's own only", async () => {
    const person = await newPerson(sys);
    const [here, there] = [await signInAs(sys, person), await signInAs(sys, person)];
    const stranger = await signInAs(sys, await newPerson(sys));
    const identity = await here.identity();

    expect(await codeOf(revokeSession(sys, identity, stranger.sessionId, origin()))).toBe("not_found");
    await revokeSession(sys, identity, there.sessionId, origin());

    expect((await listSessions(sys, identity)).map(({ id, isThis }) => [id, isThis])).toEqual([[here.sessionId, true]]);
    expect(await checkSession(sys, there.sessionId)).toBeNull();
    expect(await checkSession(sys, stranger.sessionId)).not.toBeNull();
  });

  it("TEN-06 moves only into a tenant of the person", async () => {
    const [mine, foreign] = [await newTenant(sys), await newTenant(sys)];
    const member = await newMember(mine, "owner");

    expect(await codeOf(switchTenant(sys, await member.identity(), foreign.tenantId, origin()))).toBe("not_found");
    expect(await codeOf(switchTenant(sys, await member.identity(), "ten_00000000000000000000000000", origin()))).toBe("not_found");
    expect((await member.identity()).tenant?.id).toBe(mine.tenantId);
  });
});

describe("fresh authentication", () => {
  it("SES-09 is asked for after ten minutes and given by the password", async () => {
    const ctx = await newTenant(sys);
    const owner = await newMember(ctx, "owner");
    const invite = () => codeOf(owner.api.member.invite({ email: "neu@example.test", role: "viewer" }));
    expect(await invite()).toBe("ok");

    passTime(minutes(11));
    expect(await invite()).toBe("fresh_sign_in_required");
    expect(await codeOf(confirmPassword(sys, await owner.identity(), "wrong-Vk3-pbt9qz", origin()))).toBe("invalid_input");
    await confirmPassword(sys, await owner.identity(), PASSWORD, origin());

    expect(await invite()).toBe("ok");
  });

  it("SES-07 a stolen session cannot guess the password through it", async () => {
    const person = await signInAs(sys, await newPerson(sys));
    const identity = await person.identity();

    const codes = await Promise.all(Array.from({ length: 20 }, () => codeOf(confirmPassword(sys, identity, "wrong-Vk3-pbt9qz", origin()))));

    expect(codes.filter((code) => code === "invalid_input").length).toBeLessThanOrEqual(10);
    expect(codes).toContain("too_many_requests");
  });
});

it("keeps no password and no token in the session's row", async () => {
  const person = await newPerson(sys);
  const { sessionId, deviceToken } = await signedIn(person);

  const rows = await sys.db.orm.select().from(session);

  const row = JSON.stringify(rows.find(({ id }) => id === sessionId));
  expect(row).not.toContain(PASSWORD);
  expect(row).not.toContain(deviceToken);
});
