import { and, eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { after, hours } from "~/lib/time";
import { inTenant } from "~/server/context";
import { event, linkAddress, memberAddress, membership } from "~/server/db/schema";
import { apiOf, codeOf, newMember, newPerson, newTenantWithStaff, origin, PASSWORD, signInAs } from "~tests/support/factories";
import { newTenant } from "~tests/support/system";
import { systemForFile } from "~tests/support/system-for-file";
import { acceptInvitation, addMember, changeRole, disableMember, inviteMember, joinTenant, openInvitation } from ".";

const { sys } = await systemForFile();

const tokenOf = ({ url }: { url: string }) => url.split("/").at(-1) ?? "";
const account = { name: "宋其昀", password: "tüll-Kf8-wmx2ha-p4" };
const eventsOf = (ctx: Awaited<ReturnType<typeof newTenant>>, type: string) =>
  ctx.read((tx) =>
    tx
      .select()
      .from(event)
      .where(and(eq(event.tenantId, ctx.tenantId), eq(event.type, type))),
  );

describe("inviting", () => {
  it("lets somebody new join once, with the invited role and address", async () => {
    const { ctx, owner } = await newTenantWithStaff(sys);
    const token = tokenOf(await owner.api.member.invite({ email: "song@example.test", role: "finance" }));
    expect(await openInvitation(sys, token)).toMatchObject({ email: "song@example.test", role: "finance", hasAccount: false });

    const joined = await acceptInvitation(sys, { token, account }, null, origin());

    expect(joined).toEqual({ tenantId: ctx.tenantId, email: "song@example.test" });
    expect(await codeOf(acceptInvitation(sys, { token, account }, null, origin()))).toBe("not_found");
    const { items } = await owner.api.member.list({ search: "宋其昀" });
    expect(items).toMatchObject([{ name: "宋其昀", email: "song@example.test", role: "finance", disabledAt: null }]);
  });

  it("of two who open one link at once, one joins", async () => {
    const { owner } = await newTenantWithStaff(sys);
    const token = tokenOf(await owner.api.member.invite({ email: "both@example.test", role: "viewer" }));

    const codes = await Promise.all([1, 2].map(() => codeOf(acceptInvitation(sys, { token, account }, null, origin()))));

    expect(codes.filter((code) => code === "ok")).toHaveLength(1);
    expect(codes.filter((code) => code !== "ok").every((code) => code === "not_found" || code === "conflict")).toBe(true);
  });

  it("SES-08 the token has 130 bits, is stored as a hash, and ends after 72 hours", async () => {
    const ctx = await newTenant(sys);
    const invited = await inviteMember(ctx, { email: "late@example.test", role: "viewer" });
    const token = tokenOf(invited);

    expect(token).toMatch(/^[0-9a-z]{26}$/);
    const rows = await sys.db.orm.select().from(linkAddress).where(eq(linkAddress.subject, invited.id));
    expect(JSON.stringify(rows)).not.toContain(token);
    const later = { ...sys, now: () => after(sys.now(), hours(72) + 1) };
    expect(await codeOf(openInvitation(sys, token))).toBe("ok");
    expect(await codeOf(openInvitation(later, token))).toBe("not_found");
    expect(await codeOf(acceptInvitation(later, { token, account }, null, origin()))).toBe("not_found");
  });

  it("a revoked link, an invented one and one of a suspended tenant answer alike", async () => {
    const { ctx, owner } = await newTenantWithStaff(sys);
    const revoked = await owner.api.member.invite({ email: "revoked@example.test", role: "viewer" });
    await owner.api.member.revokeInvitation({ id: revoked.id });
    const waiting = await owner.api.member.invite({ email: "waiting@example.test", role: "viewer" });
    await sys.db.sql`update app.tenant set status = 'suspended' where id = ${ctx.tenantId}`;

    for (const token of [tokenOf(revoked), tokenOf(waiting), "0".repeat(26)]) {
      expect(await codeOf(openInvitation(sys, token))).toBe("not_found");
    }
  });

  it("inviting again ends the earlier link", async () => {
    const { owner } = await newTenantWithStaff(sys);
    const first = await owner.api.member.invite({ email: "twice@example.test", role: "viewer" });
    const second = await owner.api.member.invite({ email: "twice@example.test", role: "admin" });

    expect(await codeOf(openInvitation(sys, tokenOf(first)))).toBe("not_found");
    expect(await openInvitation(sys, tokenOf(second))).toMatchObject({ role: "admin" });
    expect(await owner.api.member.invitations()).toHaveLength(1);
  });

  it("somebody with an account signs in first, and joins as who they are", async () => {
    const { ctx, owner } = await newTenantWithStaff(sys);
    const person = await newPerson(sys);
    const stranger = await signInAs(sys, await newPerson(sys));
    const token = tokenOf(await owner.api.member.invite({ email: person.email, role: "admin" }));

    expect(await codeOf(apiOf(sys, null).member.acceptInvitation({ token, account }))).toBe("unauthenticated");
    expect(await codeOf(stranger.api.member.acceptInvitation({ token }))).toBe("forbidden");
    const signedIn = await signInAs(sys, person);
    expect(await codeOf(signedIn.api.member.acceptInvitation({ token }))).toBe("ok");
    await signedIn.api.tenant.switch({ tenantId: ctx.tenantId });
    expect((await signedIn.identity()).tenant).toMatchObject({ id: ctx.tenantId, access: { role: "admin" } });
  });

  it("refuses a weak password and keeps the link", async () => {
    const { owner } = await newTenantWithStaff(sys);
    const token = tokenOf(await owner.api.member.invite({ email: "weak@example.test", role: "viewer" }));

    expect(await codeOf(acceptInvitation(sys, { token, account: { name: "弱", password: "password1234" } }, null, origin()))).toBe(
      "invalid_input",
    );
    expect(await codeOf(openInvitation(sys, token))).toBe("ok");
  });

  it("refuses somebody who is a member", async () => {
    const { owner, viewer } = await newTenantWithStaff(sys);

    expect(await codeOf(owner.api.member.invite({ email: viewer.email, role: "admin" }))).toBe("conflict");
  });
});

describe("changing members", () => {
  it("the last owner neither leaves nor steps down", async () => {
    const { ctx, owner } = await newTenantWithStaff(sys);

    expect(await codeOf(owner.api.member.changeRole({ userId: owner.id, role: "viewer" }))).toBe("not_allowed_now");
    expect(await codeOf(disableMember(ctx, owner.id))).toBe("not_allowed_now");
  });

  it("two owners who demote each other at once leave one", async () => {
    for (let round = 0; round < 5; round++) {
      const ctx = await newTenant(sys);
      const [one, other] = [await newMember(ctx, "owner"), await newMember(ctx, "owner")];

      await Promise.allSettled([
        one.api.member.changeRole({ userId: other.id, role: "viewer" }),
        other.api.member.changeRole({ userId: one.id, role: "viewer" }),
      ]);

      const owners = await ctx.read((tx) =>
        tx
          .select()
          .from(membership)
          .where(and(eq(membership.tenantId, ctx.tenantId), eq(membership.role, "owner"))),
      );
      expect(owners.length).toBeGreaterThanOrEqual(1);
    }
  });

  it("nobody disables themselves; somebody disabled comes back as they were", async () => {
    const { owner, admin } = await newTenantWithStaff(sys);

    expect(await codeOf(owner.api.member.disable({ userId: owner.id }))).toBe("not_allowed_now");
    await owner.api.member.disable({ userId: admin.id });
    expect((await admin.identity()).tenant).toBeNull();
    await owner.api.member.enable({ userId: admin.id });

    expect((await admin.identity()).tenant?.access).toEqual({ kind: "member", role: "admin" });
  });

  it("TEN-07 a neighbour's member and nobody at all are the same to an owner", async () => {
    const [mine, theirs] = [await newTenantWithStaff(sys), await newTenantWithStaff(sys)];
    const answers = async (userId: string) =>
      Promise.all(
        [
          mine.owner.api.member.changeRole({ userId, role: "viewer" }),
          mine.owner.api.member.disable({ userId }),
          mine.owner.api.member.enable({ userId }),
        ].map((call) =>
          call.then(
            () => "ok",
            (error: unknown) => String(error),
          ),
        ),
      );

    expect(await answers(theirs.viewer.id)).toEqual(await answers("usr_00000000000000000000000000"));
    expect((await theirs.viewer.identity()).tenant?.id).toBe(theirs.ctx.tenantId);
  });

  it("PII-01 addresses are masked for those who do not manage members", async () => {
    const { owner, viewer } = await newTenantWithStaff(sys);

    const seen = (await viewer.api.member.list({})).items;

    expect(seen.find(({ userId }) => userId === owner.id)?.email).toMatch(/^.\*\*\*@example\.test$/);
    expect(seen.find(({ userId }) => userId === viewer.id)?.email).toBe(viewer.email);
    expect((await owner.api.member.list({})).items.every(({ email }) => !email.includes("*"))).toBe(true);
  });

  it("pages through all members once, by name", async () => {
    const { owner } = await newTenantWithStaff(sys);
    const names: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await owner.api.member.list({ limit: 3, ...(cursor ? { cursor } : {}) });
      names.push(...page.items.map(({ userId }) => userId));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);

    expect(new Set(names).size).toBe(4);
    expect(names).toHaveLength(4);
  });
});

describe("what is written down", () => {
  it("AUD-01 every change of a member is an event with who, what, before and after, and from where", async () => {
    const { ctx, owner, finance } = await newTenantWithStaff(sys);

    await owner.api.member.changeRole({ userId: finance.id, role: "admin" });
    await owner.api.member.disable({ userId: finance.id });
    await owner.api.member.enable({ userId: finance.id });
    const { id } = await owner.api.member.invite({ email: "wer@example.test", role: "viewer" });
    await owner.api.member.revokeInvitation({ id });

    const by = { actorKind: "user", actorId: owner.id, ip: "127.0.0.1", requestId: expect.stringMatching(/^req_/) };
    expect(await eventsOf(ctx, "member.change_role")).toMatchObject([
      { ...by, subject: finance.id, details: { before: "finance", after: "admin" } },
    ]);
    expect(await eventsOf(ctx, "member.disable")).toMatchObject([{ ...by, subject: finance.id }]);
    expect(await eventsOf(ctx, "member.enable")).toMatchObject([{ ...by, subject: finance.id }]);
    expect(await eventsOf(ctx, "member.invite")).toMatchObject([{ ...by, subject: id, details: { email: "w***@example.test" } }]);
    expect(await eventsOf(ctx, "member.revoke_invitation")).toMatchObject([{ ...by, subject: id }]);
  });

  it("AUD-01 a refused change writes nothing", async () => {
    const { ctx, owner } = await newTenantWithStaff(sys);

    await codeOf(owner.api.member.changeRole({ userId: owner.id, role: "viewer" }));

    expect(await eventsOf(ctx, "member.change_role")).toEqual([]);
  });

  it("the address outside the wall and the membership behind it come together or not at all", async () => {
    const ctx = await newTenant(sys);
    const userId = await addMember(ctx, { email: "neu@beispiel.test", password: PASSWORD, role: "finance" });
    const broken = inTenant(sys, ctx.tenantId, ctx.actor);
    const person = await newPerson(sys);
    await broken
      .transaction(async (tx) => {
        await joinTenant(tx, broken, { userId: person.id, role: "viewer" });
        throw new Error("the machine stops here");
      })
      .catch(() => {});

    const addresses = await sys.db.orm.select().from(memberAddress).where(eq(memberAddress.tenantId, ctx.tenantId));
    expect(addresses).toEqual([{ tenantId: ctx.tenantId, userId }]);
  });

  it("a set password of somebody known must be theirs", async () => {
    const [one, other] = [await newTenant(sys), await newTenant(sys)];
    const member = { email: "zwei@beispiel.test", password: PASSWORD, role: "viewer" } as const;
    const userId = await addMember(one, member);

    expect(await codeOf(addMember(other, { ...member, password: "fremd-Kf8-wmx2ha-p4" }))).toBe("conflict");
    expect(await addMember(other, member)).toBe(userId);
  });
});

it("keeps a change of role that changes nothing quiet", async () => {
  const ctx = await newTenant(sys);
  const member = await newMember(ctx, "viewer");

  await changeRole(ctx, { userId: member.id, role: "viewer" });

  expect(await eventsOf(ctx, "member.change_role")).toEqual([]);
});
