import { beforeAll, expect, it } from "vitest";
import { ROLES } from "~/domain/tenant";
import { contextFor } from "~/server/api/context";
import { appRouter, createCaller, listProcedures } from "~/server/api/root";
import { publicProcedure, router } from "~/server/api/trpc";
import { type Api, apiOf, codeOf, newGrantee, newOperator, newPerson, newTenantWithStaff, signInAs } from "~tests/support/factories";
import { systemForFile } from "~tests/support/system-for-file";

/**
 * Who may call what (SES-02). The table below is the expectation, written by hand: o owner, a admin, f finance, v viewer,
 * g an operator by a grant, p an operator outside of tenants, u anybody signed in, * anybody at all; ! asks for a fresh password.
 * A new procedure fails here until it has its line.
 */
const EXPECTED = `
channel.check o
channel.checks oafvg
channel.create o!
channel.delete o!
channel.disable o
channel.enable o!
channel.get oafvg
channel.list oafvg
channel.notifyUrls oafvg
channel.replaceKey o!
channel.revokeKey o!
channel.setDefault o!
channel.tokenAdd o!
channel.tokenRevoke o!
channel.update o!
dashboard.workbench oafvg
event.get oafvg
event.list oafvg
event.live oafvg
exception.assign of
exception.dismiss of
exception.get oafvg
exception.list oafvg
exception.note of
exception.sum oafvg
facetoface.answer oa
facetoface.counts oafvg
facetoface.create oa
facetoface.get oafvg
facetoface.list oafvg
facetoface.query oa
facetoface.remind oa
facetoface.resume oa
facetoface.revise oa
facetoface.unmask oa
facetoface.withdraw oa
frame.get oafvg
inbox.counts oafvg
inbox.get oafvg
inbox.list oafvg
inbox.rerun oaf
member.acceptInvitation *
member.changePassword u
member.changeRole o!
member.confirmPassword u
member.disable o
member.enable o!
member.invitations o
member.invite o!
member.list oafvg
member.me u
member.revokeInvitation o
member.revokeOtherSessions u
member.revokeSession u
member.sessions u
payment.cancel of
payment.counts oafvg
payment.create of
payment.get oafvg
payment.list oafvg
payment.query of
payment.start of
payment.sum oafvg
public.checkout.check *
public.checkout.get *
public.checkout.live *
public.checkout.start *
reconciliation.assign of
reconciliation.calendar oafvg
reconciliation.difference oafvg
reconciliation.get oafvg
reconciliation.list oafvg
reconciliation.lock of
reconciliation.rerun of
reconciliation.resolve of
reconciliation.unlock of
tenant.create p!
tenant.current u
tenant.enter p!
tenant.leave p
tenant.list p
tenant.mine u
tenant.resume p
tenant.setLimits p!
tenant.suspend p
tenant.switch u
`;

const LETTER: Record<string, string> = {
  owner: "o",
  admin: "a",
  finance: "f",
  viewer: "v",
  "operator grant": "g",
  operator: "p",
  user: "u",
  anyone: "*",
};

const { sys } = await systemForFile();
let people: { letters: string; name: string; api: Api }[];

beforeAll(async () => {
  const { ctx, ...staff } = await newTenantWithStaff(sys);
  const [grantee, operator, stranger] = await Promise.all([newGrantee(ctx), newOperator(sys), newPerson(sys)]);
  people = [
    ...ROLES.map((role) => ({ letters: `${LETTER[role]}u*`, name: role, api: staff[role].api })),
    { letters: "gpu*", name: "operator inside", api: grantee.api },
    { letters: "pu*", name: "operator outside", api: operator.api },
    { letters: "u*", name: "somebody without a tenant", api: (await signInAs(sys, stranger)).api },
    { letters: "*", name: "nobody", api: apiOf(sys, null) },
  ];
});

it("SES-02 every procedure is in the table, with those who may call it and whether the password must be fresh", () => {
  const actual = listProcedures().map(
    ({ path, callers, fresh }) => `${path} ${callers.map((caller) => LETTER[caller]).join("")}${fresh ? "!" : ""}`,
  );

  expect(actual).toEqual(EXPECTED.trim().split("\n"));
});

/** Input that no procedure takes: who may call gets as far as being told so, who may not is stopped before. */
const NONSENSE = { "no such field": 1 };

const call = (api: Api, path: string): Promise<unknown> => {
  let target = api as unknown as Record<string, unknown>;
  for (const part of path.split(".")) target = target[part] as Record<string, unknown>;
  return (target as unknown as (input: unknown) => Promise<unknown>)(NONSENSE);
};

it("SES-02 every role meets at every procedure what the table says", async () => {
  const wrong: string[] = [];
  for (const { path, callers } of listProcedures()) {
    const admitted = callers.map((caller) => LETTER[caller] ?? "?");
    for (const { name, letters, api } of people) {
      const expected = admitted.some((letter) => letters.includes(letter))
        ? ["invalid_input", "ok"]
        : name === "nobody"
          ? ["unauthenticated"]
          : ["forbidden"];
      const code = await codeOf(call(api, path));
      if (!expected.includes(code)) wrong.push(`${path}: ${name} met ${code}, not ${expected.join(" or ")}`);
    }
  }

  expect(wrong).toEqual([]);
});

it("SES-09 an old sign-in meets the wish for a password wherever the table says so, and nowhere else", async () => {
  const { owner } = await newTenantWithStaff(sys);
  const operator = await newOperator(sys);
  const old = new Date(Date.now() - 11 * 60_000);
  await sys.db.sql`update app.session set authenticated_at = ${old} where id in (${owner.sessionId}, ${operator.sessionId})`;
  const asked: string[] = [];
  for (const { path } of listProcedures()) {
    for (const { api } of [owner, operator]) {
      if ((await codeOf(call(api, path))) === "fresh_sign_in_required") asked.push(path);
    }
  }

  const expected = listProcedures()
    .filter(({ fresh }) => fresh)
    .map(({ path }) => path);
  expect([...new Set(asked)]).toEqual(expected);
});

it("IN-01 no procedure takes a field that it does not know", async () => {
  const procedures = appRouter._def.procedures as unknown as Record<
    string,
    { _def: { inputs: { safeParse(input: unknown): { success: boolean } }[] } }
  >;
  const lax = Object.entries(procedures)
    .filter(([, { _def }]) => _def.inputs.length > 0 && _def.inputs.every((input) => input.safeParse(NONSENSE).success))
    .map(([path]) => path);

  expect(lax).toEqual([]);
});

it("SES-02 a procedure that does not say who may call it does not start", () => {
  const undeclared = { _def: { procedure: true, type: "query", meta: undefined } };

  expect(() => router({ undeclared: undeclared as never })).toThrow('procedure "undeclared" does not declare who may call it');
  expect(() => router({ declared: publicProcedure.query(() => 1) })).not.toThrow();
});

it("WEB-03 a state change that a foreign page sends is refused, whoever's cookie it carries", async () => {
  const { owner } = await newTenantWithStaff(sys);
  const foreign = createCaller({ ...contextFor(sys, owner.sessionId), transport: "http", sameOrigin: false });

  expect(await codeOf(foreign.member.revokeOtherSessions())).toBe("forbidden");
  expect(await codeOf(foreign.member.list({}))).toBe("ok");
});
