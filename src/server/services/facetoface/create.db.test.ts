import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { CreateFacetoface } from "~/domain/facetoface-input";
import { type Id, newId } from "~/lib/id";
import type { Ctx } from "~/server/context";
import { channel, facetofaceOrder, facetofacePicture, outbox, tenant } from "~/server/db/schema";
import { storePicture } from "~/server/services/picture";
import { application } from "~tests/support/applications";
import { givenOrder } from "~tests/support/facetoface";
import { codeOf } from "~tests/support/factories";
import { makePicture } from "~tests/support/pictures";
import { newShop } from "~tests/support/sales";
import { systemForFile } from "~tests/support/system-for-file";
import { createFacetoface, openPerson } from ".";

const { sys } = await systemForFile();

/** A tenant whose Alipay channel may sign for others; nothing is sent through it here. */
async function newOffice() {
  const ctx = await newShop(sys);
  const channels = await ctx.transaction((tx) =>
    tx.update(channel).set({ isIsv: true }).returning({ id: channel.id, provider: channel.provider }),
  );
  const idOf = (provider: string) => channels.find((one) => one.provider === provider)?.id as Id<"channel">;
  const channelId = idOf("alipay");
  const input = (changes: Record<string, unknown> = {}) => CreateFacetoface.parse({ ...application, channelId, ...changes });
  return {
    ctx,
    channelId,
    wechatId: idOf("wechat"),
    input,
    apply: (changes?: Record<string, unknown>) => createFacetoface(ctx, input(changes)),
  };
}

async function newPicture(ctx: Ctx): Promise<Id<"picture">> {
  const stored = await storePicture(ctx, makePicture("jpg"));
  if ("refusal" in stored) throw new Error(stored.refusal);
  return stored.id;
}

const refusalOf = async (work: Promise<unknown>): Promise<unknown> => {
  try {
    await work;
    return "ok";
  } catch (error) {
    const { code, details } = error as { code: string; details: unknown };
    return { code, details };
  }
};

const ordersOf = (ctx: Ctx) => ctx.read((tx) => tx.select().from(facetofaceOrder));
const jobsOf = (ctx: Ctx) => sys.db.orm.select().from(outbox).where(eq(outbox.tenantId, ctx.tenantId));

describe("an application", () => {
  it("is stored with its pictures and its job, and nothing is asked of Alipay yet", async () => {
    const { ctx, apply } = await newOffice();
    const [front, inside] = [await newPicture(ctx), await newPicture(ctx)];

    const made = await apply({ pictures: { shop_sign_board: front, shop_scene: inside, special_license: null } });

    expect(made).toMatchObject({ status: "init", step: "new", batchNo: null, failureCode: null, nextQueryAt: null });
    const links = await ctx.read((tx) => tx.select().from(facetofacePicture).where(eq(facetofacePicture.orderId, made.id)));
    expect(Object.fromEntries(links.map(({ slot, pictureId }) => [slot, pictureId]))).toEqual({
      shop_sign_board: front,
      shop_scene: inside,
    });
    expect((await jobsOf(ctx)).map(({ job, subject }) => [job, subject])).toContainEqual(["submit-facetoface", made.id]);
  });

  it("PII-01 keeps its person sealed: nothing of it stands in clear in any table", async () => {
    const { ctx, apply } = await newOffice();
    const secret = {
      account: "geheim-konto@example.test",
      contactName: "欧阳娜娜",
      contactMobile: "13912349876",
      orderTicket: "ticket-geheim-1",
    };

    const made = await apply({ ...secret, idempotencyKey: "k1" });

    const rows = await ctx.read(async (tx) => [
      ...(await tx.query.facetofaceOrder.findMany()),
      ...(await tx.query.event.findMany()),
      ...(await tx.query.idempotencyKey.findMany()),
    ]);
    const text = JSON.stringify(rows, (_name, value) => {
      if (typeof value === "bigint") return String(value);
      return value?.type === "Buffer" ? Buffer.from(value.data).toString("utf8") : value;
    });
    for (const value of Object.values(secret)) expect(text).not.toContain(value);
    expect(openPerson(await ctx.vault(), made.id, made.personSealed)).toMatchObject(secret);
    expect(made.masked).toMatchObject({ contactMobile: "139****9876", contactName: "欧**" });
  });
});

describe("the same key", () => {
  it("IDEM-01 with the same request answers what was stored first, and with another is refused", async () => {
    const { ctx, apply } = await newOffice();

    const first = await apply({ idempotencyKey: "one" });
    const second = await apply({ idempotencyKey: "one" });

    expect(second.id).toBe(first.id);
    expect(await codeOf(apply({ idempotencyKey: "one", shopName: "别的店" }))).toBe("idempotency_mismatch");
    expect(await ordersOf(ctx)).toHaveLength(1);
    expect((await apply({ idempotencyKey: "two" })).id).not.toBe(first.id);
  });

  it("IDEM-01 five times at once is one application with one job", async () => {
    const { ctx, apply } = await newOffice();

    const made = await Promise.all(Array.from({ length: 5 }, () => apply({ idempotencyKey: "double-click" })));

    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    expect(await ordersOf(ctx)).toHaveLength(1);
    expect((await jobsOf(ctx)).filter(({ job }) => job === "submit-facetoface")).toHaveLength(1);
  });

  it("is free again when the request it came with was refused", async () => {
    const { apply, channelId } = await newOffice();
    const absent = newId("channel");

    expect(await codeOf(apply({ idempotencyKey: "one", channelId: absent }))).toBe("not_found");

    expect((await apply({ idempotencyKey: "one", channelId })).status).toBe("init");
  });
});

describe("what is refused, with a cause that the form can show", () => {
  it("a channel that may not sign for others", async () => {
    const { ctx, apply, wechatId, channelId } = await newOffice();
    const set = (changes: Partial<typeof channel.$inferInsert>) =>
      ctx.transaction((tx) => tx.update(channel).set(changes).where(eq(channel.id, channelId)));

    expect(await refusalOf(apply({ channelId: wechatId }))).toEqual({
      code: "channel_invalid",
      details: { field: "channelId", reason: "not_alipay" },
    });
    await set({ isIsv: false });
    expect(await refusalOf(apply())).toEqual({ code: "channel_invalid", details: { field: "channelId", reason: "not_isv" } });
    await set({ isIsv: true, status: "disabled" });
    expect(await refusalOf(apply())).toEqual({ code: "not_allowed_now", details: { cause: "channel_disabled" } });
    await set({ status: "enabled", deletedAt: ctx.now(), isDefault: false });
    expect(await refusalOf(apply())).toEqual({ code: "not_found", details: { what: "channel" } });
  });

  it("a tenant that is suspended, or whose books are being examined", async () => {
    const { ctx, apply } = await newOffice();
    const set = (changes: Partial<typeof tenant.$inferInsert>) => sys.db.orm.update(tenant).set(changes).where(eq(tenant.id, ctx.tenantId));

    await set({ status: "suspended" });
    expect(await refusalOf(apply())).toEqual({ code: "not_allowed_now", details: { cause: "tenant_suspended" } });
    await set({ status: "active", haltedAt: ctx.now() });
    expect(await refusalOf(apply())).toEqual({ code: "not_allowed_now", details: { cause: "books_broken" } });
    expect(await ordersOf(ctx)).toEqual([]);
  });

  it("a picture that is not there, or a neighbour's; nothing is stored", async () => {
    const { ctx, apply } = await newOffice();
    const neighbour = await newOffice();
    const missing = { code: "not_found", details: { what: "picture" } };

    expect(await refusalOf(apply({ pictures: { shop_scene: newId("picture") } }))).toEqual(missing);
    expect(await refusalOf(apply({ pictures: { shop_scene: await newPicture(neighbour.ctx) } }))).toEqual(missing);
    expect(await ordersOf(ctx)).toEqual([]);
  });

  it("a new application without its person, a rate out of range, a day that no calendar has, a licence's picture without its number", () => {
    const issues = (changes: Record<string, unknown>) => {
      const parsed = CreateFacetoface.safeParse({ ...application, channelId: newId("channel"), ...changes });
      return parsed.success ? [] : parsed.error.issues.map(({ path }) => path.join("."));
    };

    expect(issues({})).toEqual([]);
    expect(issues({ account: undefined, contactName: undefined, contactMobile: undefined })).toEqual([
      "account",
      "contactName",
      "contactMobile",
    ]);
    expect(issues({ rate: "0.37" })).toEqual(["rate"]);
    expect(issues({ rate: "0.61" })).toEqual(["rate"]);
    expect(issues({ rate: null })).toEqual(["rate"]);
    expect(issues({ licenseLongTerm: false, licenseValidUntil: "2027-02-29" })).toEqual(["licenseValidUntil"]);
    expect(issues({ licenseLongTerm: false, licenseValidUntil: null })).toEqual(["licenseValidUntil"]);
    expect(issues({ businessLicenseNo: null, pictures: { business_license: newId("picture") } })).toEqual(["businessLicenseNo"]);
  });
});

describe("an application that follows another", () => {
  it("takes over what it leaves out of the person, and pictures by their ids", async () => {
    const { ctx, apply } = await newOffice();
    const scene = await newPicture(ctx);
    const former = await apply({ pictures: { shop_scene: scene }, contactEmail: "a@example.test", orderTicket: "spent-ticket" });
    await ctx.transaction((tx) =>
      tx
        .update(facetofaceOrder)
        .set({ status: "closed", closeReason: "rejected", endedAt: ctx.now() })
        .where(eq(facetofaceOrder.id, former.id)),
    );

    const kept = { account: undefined, contactName: undefined, contactMobile: undefined, businessLicenseNo: undefined };
    const next = await apply({ ...kept, contactEmail: null, reapplyOf: former.id, pictures: { shop_scene: scene } });

    expect(next).toMatchObject({ reapplyOf: former.id, status: "init" });
    expect(openPerson(await ctx.vault(), next.id, next.personSealed)).toEqual({
      ...openPerson(await ctx.vault(), former.id, former.personSealed),
      contactEmail: null,
      orderTicket: null,
    });
    const links = await ctx.read((tx) => tx.select().from(facetofacePicture).where(eq(facetofacePicture.pictureId, scene)));
    expect(links.map(({ orderId }) => orderId).sort()).toEqual([former.id, next.id].sort());
  });

  it("is refused while the former one goes on, for one that succeeded, and for a neighbour's", async () => {
    const { ctx, channelId, apply } = await newOffice();
    const neighbour = await newOffice();
    const theirs = await givenOrder(neighbour.ctx, { channelId: neighbour.channelId, status: "closed" });
    for (const status of ["init", "submitted", "merchant_auditing", "merchant_confirm", "success"] as const) {
      const former = await givenOrder(ctx, { channelId, status });
      expect(await refusalOf(apply({ reapplyOf: former.id }))).toEqual({ code: "not_allowed_now", details: { status } });
    }

    expect(await refusalOf(apply({ reapplyOf: theirs.id }))).toEqual({ code: "not_found", details: { what: "facetoface" } });
  });

  it("asks for the licence's validity when the number it keeps needs one", async () => {
    const { ctx, channelId, apply } = await newOffice();
    const former = await givenOrder(ctx, { channelId, status: "closed" });

    const refusal = await refusalOf(apply({ reapplyOf: former.id, businessLicenseNo: undefined, licenseLongTerm: false }));

    expect(refusal).toEqual({ code: "invalid_input", details: { field: "licenseValidUntil", reason: "validity_needed" } });
  });
});
