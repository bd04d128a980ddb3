import { and, eq } from "drizzle-orm";
import { afterEach, describe, expect, it, vi } from "vitest";
import { minutes } from "~/lib/time";
import { inTenant } from "~/server/context";
import { event, operatorGrant, tenantKey } from "~/server/db/schema";
import { codeOf, newGrantee, newMember, newOperator, newTenantWithStaff, PASSWORD } from "~tests/support/factories";
import { cliActor, newTenant } from "~tests/support/system";
import { systemForFile } from "~tests/support/system-for-file";
import { createTenantWithOwner, findTenantBySlug } from ".";

const { sys } = await systemForFile();

afterEach(() => {
  vi.useRealTimers();
});

const typesOf = async (ctx: Awaited<ReturnType<typeof newTenant>>) =>
  (await ctx.read((tx) => tx.select().from(event).where(eq(event.tenantId, ctx.tenantId)).orderBy(event.no))).map(({ type }) => type);

describe("creating", () => {
  it("makes the tenant, its first data key and its owner together", async () => {
    const owner = { email: "erste@example.test", password: PASSWORD };

    const { tenantId, userId } = await createTenantWithOwner(sys, cliActor, { name: "青石公司", slug: "qingshi", owner });

    const ctx = inTenant(sys, tenantId, cliActor);
    expect(await ctx.read((tx) => tx.select().from(tenantKey).where(eq(tenantKey.tenantId, tenantId)))).toHaveLength(1);
    expect(await typesOf(ctx)).toEqual(["tenant.create", "member.join"]);
    expect(await findTenantBySlug(sys, "qingshi")).toMatchObject({ id: tenantId, status: "active" });
    expect(userId).toMatch(/^usr_/);
    const vault = await ctx.vault();
    const place = { table: "t", column: "c", rowId: "r" };
    expect(vault.open(place, vault.seal(place, "x")).toString()).toBe("x");
  });

  it("refuses a taken slug and leaves nothing behind", async () => {
    const owner = { email: "zweite@example.test", password: PASSWORD };
    await createTenantWithOwner(sys, cliActor, { name: "一", slug: "taken", owner });
    const before = await sys.db.sql`select count(*) from app.tenant`;

    const again = createTenantWithOwner(sys, cliActor, { name: "二", slug: "taken", owner: { ...owner, email: "dritte@example.test" } });

    expect(await codeOf(again)).toBe("conflict");
    expect(await sys.db.sql`select count(*) from app.tenant`).toEqual(before);
    expect(await sys.db.sql`select id from app."user" where email = 'dritte@example.test'`).toHaveLength(0);
  });

  it("an operator creates one with an invitation for its owner", async () => {
    const operator = await newOperator(sys);

    const { tenantId, invitation } = await operator.api.tenant.create({
      name: "新租户",
      slug: "neu-1",
      ownerEmail: "inhaber@example.test",
    });

    expect(invitation.url).toMatch(/\/invitation\/[0-9a-z]{26}$/);
    expect((await operator.api.tenant.list({ search: "neu-1" })).items).toMatchObject([{ id: tenantId, members: 0, status: "active" }]);
  });
});

describe("suspending", () => {
  it("shuts members out with their next request, and lets them in again", async () => {
    const { ctx, owner } = await newTenantWithStaff(sys);
    const operator = await newOperator(sys);

    await operator.api.tenant.suspend({ tenantId: ctx.tenantId, reason: "欠费" });
    expect(await codeOf(owner.api.member.list({}))).toBe("forbidden");
    expect(await codeOf(operator.api.tenant.suspend({ tenantId: ctx.tenantId, reason: "欠费" }))).toBe("state_changed");
    await operator.api.tenant.resume({ tenantId: ctx.tenantId, reason: "已缴" });

    expect(await codeOf(owner.api.member.list({}))).toBe("ok");
    expect((await typesOf(ctx)).filter((type) => type.startsWith("tenant."))).toEqual(["tenant.suspend", "tenant.resume"]);
  });
});

describe("operators", () => {
  it("TEN-11 see nothing of a tenant without a grant", async () => {
    await newTenant(sys);
    const operator = await newOperator(sys);

    expect(await codeOf(operator.api.member.list({}))).toBe("forbidden");
    expect(await codeOf(operator.api.payment.list({}))).toBe("forbidden");
  });

  it("TEN-11 see by a grant, write nothing, and stand in the tenant's own history with the reason", async () => {
    const { ctx, viewer } = await newTenantWithStaff(sys);

    const operator = await newGrantee(ctx);

    expect((await operator.api.member.list({})).items).toHaveLength(4);
    expect(await codeOf(operator.api.member.disable({ userId: viewer.id }))).toBe("forbidden");
    expect(await codeOf(operator.api.member.invitations())).toBe("forbidden");
    const [row] = await ctx.read((tx) =>
      tx
        .select()
        .from(event)
        .where(and(eq(event.tenantId, ctx.tenantId), eq(event.type, "tenant.enter"))),
    );
    expect(row).toMatchObject({ actorKind: "operator", actorId: operator.id, details: { reason: "客户来电求助" } });
  });

  it("TEN-11 a grant ends by itself, and by leaving", async () => {
    const { ctx } = await newTenantWithStaff(sys);
    const staying = await newGrantee(ctx);
    const leaving = await newGrantee(ctx);

    await leaving.api.tenant.leave();
    expect(await codeOf(leaving.api.member.list({}))).toBe("forbidden");
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + minutes(25) });
    expect(await codeOf(staying.api.member.list({}))).toBe("ok");
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + minutes(25) });
    expect(await codeOf(staying.api.member.list({}))).toBe("ok");
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + minutes(11) });

    expect(await codeOf(staying.api.member.list({}))).toBe("forbidden");
    const grants = await ctx.read((tx) => tx.select().from(operatorGrant).where(eq(operatorGrant.tenantId, ctx.tenantId)));
    expect(grants.map(({ reason }) => reason)).toEqual(["客户来电求助", "客户来电求助"]);
  });

  it("TEN-11 an operator who is one no more loses the grant with it", async () => {
    const { ctx } = await newTenantWithStaff(sys);
    const operator = await newGrantee(ctx);

    await sys.db.sql`update app."user" set is_operator = 'no' where id = ${operator.id}`;

    expect(await codeOf(operator.api.member.list({}))).toBe("forbidden");
    expect(await codeOf(operator.api.tenant.list({}))).toBe("forbidden");
  });

  it("are not made by being an owner", async () => {
    const owner = await newMember(await newTenant(sys), "owner");

    expect(await codeOf(owner.api.tenant.list({}))).toBe("forbidden");
    expect(await codeOf(owner.api.tenant.create({ name: "x", slug: "x-y", ownerEmail: "x@example.test" }))).toBe("forbidden");
  });

  it("set limits, and the history says from what to what", async () => {
    const ctx = await newTenant(sys);
    const operator = await newOperator(sys);

    await operator.api.tenant.setLimits({ tenantId: ctx.tenantId, paymentMaxFen: 100n, confirmAboveFen: 50n });

    const [row] = await ctx.read((tx) =>
      tx
        .select()
        .from(event)
        .where(and(eq(event.tenantId, ctx.tenantId), eq(event.type, "tenant.set_limits"))),
    );
    expect(row?.details).toEqual({
      before: { paymentMaxFen: "100000000", confirmAboveFen: "50000000" },
      after: { paymentMaxFen: "100", confirmAboveFen: "50" },
    });
  });
});
