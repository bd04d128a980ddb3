import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { PICTURE_MAX_BYTES, PICTURE_TYPES, type PictureType } from "~/domain/picture";
import type { Id } from "~/lib/id";
import { after, days } from "~/lib/time";
import { contextFor } from "~/server/api/context";
import { answerPicture, answerUpload } from "~/server/api/pictures";
import type { Ctx } from "~/server/context";
import { event, picture } from "~/server/db/schema";
import { tidyUp } from "~/server/services/notification";
import { openPicture, storePicture, UNUSED_KEPT_MS, UNUSED_MAX } from "~/server/services/picture";
import { newGrantee, newMember, type SignedIn } from "~tests/support/factories";
import { makePicture } from "~tests/support/pictures";
import { newShop } from "~tests/support/sales";
import { systemForFile } from "~tests/support/system-for-file";

const { sys } = await systemForFile();

const upload = (person: SignedIn | null, bytes: Buffer) =>
  answerUpload(
    contextFor(sys, person?.sessionId ?? null),
    new Request("http://pay.example.test/api/facetoface/pictures", { method: "POST", body: new Uint8Array(bytes) }),
  );
const show = (person: SignedIn | null, id: string) => answerPicture(contextFor(sys, person?.sessionId ?? null), id);
const codeIn = async (answer: Response) => ((await answer.json()) as { code: string }).code;
const idIn = async (answer: Response) => ((await answer.json()) as { id: Id<"picture"> }).id;
const rowsOf = (ctx: Ctx) => ctx.read((tx) => tx.select().from(picture).where(eq(picture.tenantId, ctx.tenantId)));

describe("a picture", () => {
  it.each(PICTURE_TYPES)("goes in as %s and comes out byte for byte, as a picture and nothing else (WEB-01)", async (type: PictureType) => {
    const ctx = await newShop(sys);
    const admin = await newMember(ctx, "admin");
    const bytes = makePicture(type, 7_777);

    const taken = await upload(admin, bytes);
    const shown = await show(admin, await idIn(taken.clone()));

    expect(taken.status).toBe(201);
    expect(await taken.json()).toEqual({ id: expect.stringMatching(/^pic_/), type, bytes: 7_777 });
    expect(Buffer.from(await shown.arrayBuffer()).equals(bytes)).toBe(true);
    expect(Object.fromEntries(shown.headers)).toMatchObject({
      "content-type": type === "jpg" ? "image/jpeg" : `image/${type}`,
      "x-content-type-options": "nosniff",
      "content-security-policy": "default-src 'none'; sandbox",
      "cache-control": "private, no-store",
      "cross-origin-resource-policy": "same-origin",
    });
  });

  it("PII-01 KEY-03 lies sealed in the database, bound to its row", async () => {
    const ctx = await newShop(sys);
    const bytes = makePicture("jpg");
    const one = await storePicture(ctx, bytes);
    await storePicture(ctx, makePicture("png"));
    if ("refusal" in one) throw new Error(one.refusal);

    const [first, second] = await rowsOf(ctx);

    expect(first?.contentSealed.includes(bytes.subarray(100, 140))).toBe(false);
    await ctx.transaction((tx) =>
      tx
        .update(picture)
        .set({ contentSealed: second?.contentSealed as Buffer })
        .where(eq(picture.id, one.id)),
    );
    await expect(openPicture(ctx, one.id)).rejects.toThrow();
  });

  it("IN-02 of 5 MiB is taken, and one byte more is refused by name", async () => {
    const admin = await newMember(await newShop(sys), "admin");

    expect((await upload(admin, makePicture("jpg", PICTURE_MAX_BYTES))).status).toBe(201);
    const larger = await upload(admin, makePicture("jpg", PICTURE_MAX_BYTES + 1));
    expect([larger.status, await codeIn(larger)]).toEqual([413, "picture_too_large"]);
    const smaller = await upload(admin, makePicture("png", 1_000));
    expect([smaller.status, await codeIn(smaller)]).toEqual([400, "picture_too_small"]);
    const page = await upload(admin, Buffer.alloc(9_000, "<script>alert(1)</script>"));
    expect([page.status, await codeIn(page)]).toEqual([400, "picture_type"]);
  });

  it("SES-02 is sent and seen by owner and admin alone", async () => {
    const ctx = await newShop(sys);
    const id = await idIn(await upload(await newMember(ctx, "owner"), makePicture("gif")));
    const others = [await newMember(ctx, "finance"), await newMember(ctx, "viewer"), await newGrantee(ctx)];

    for (const person of others) {
      expect([(await upload(person, makePicture("gif"))).status, (await show(person, id)).status]).toEqual([403, 403]);
    }
    expect([(await upload(null, makePicture("gif"))).status, (await show(null, id)).status]).toEqual([401, 401]);
    expect(await rowsOf(ctx)).toHaveLength(1);
  });

  it("TEN-09 of a neighbour is not there", async () => {
    const theirs = await idIn(await upload(await newMember(await newShop(sys), "admin"), makePicture("bmp")));
    const admin = await newMember(await newShop(sys), "admin");

    expect((await show(admin, theirs)).status).toBe(404);
    expect((await show(admin, "../../etc/passwd")).status).toBe(404);
  });

  it("WEB-03 is taken from our own pages alone", async () => {
    const ctx = await newShop(sys);
    const admin = await newMember(ctx, "admin");
    const context = { ...contextFor(sys, admin.sessionId), sameOrigin: false };
    const request = new Request("http://pay.example.test/", { method: "POST", body: new Uint8Array(makePicture("png")) });

    expect((await answerUpload(context, request)).status).toBe(403);
    expect(await rowsOf(ctx)).toHaveLength(0);
  });
});

describe("pictures that nothing uses", () => {
  it("go after a day", async () => {
    const ctx = await newShop(sys);
    await storePicture(ctx, makePicture("png"));
    const at = (ms: number): Ctx => ({ ...ctx, now: () => after(ctx.now(), ms) });

    await tidyUp(at(UNUSED_KEPT_MS - 60_000));
    expect(await rowsOf(ctx)).toHaveLength(1);
    await tidyUp(at(UNUSED_KEPT_MS + days(1)));
    expect(await rowsOf(ctx)).toHaveLength(0);
  });

  it("RATE-01 are bounded in number", async () => {
    const ctx = await newShop(sys);
    const stored = await storePicture(ctx, makePicture("png"));
    if ("refusal" in stored) throw new Error(stored.refusal);
    const [row] = await rowsOf(ctx);
    if (!row) throw new Error("no row");
    const copies = Array.from({ length: UNUSED_MAX - 1 }, (_, at) => ({
      ...row,
      id: `${row.id.slice(0, -3)}${String(at).padStart(3, "0")}` as Id<"picture">,
    }));
    await ctx.transaction((tx) => tx.insert(picture).values(copies).onConflictDoNothing());

    await expect(storePicture(ctx, makePicture("png"))).rejects.toMatchObject({ code: "limit_exceeded" });
  });

  it("AUD-01 each upload leaves its trace, without what is in it", async () => {
    const ctx = await newShop(sys);
    const stored = await storePicture(ctx, makePicture("png"));
    if ("refusal" in stored) throw new Error(stored.refusal);

    const [noted] = await ctx.read((tx) => tx.select().from(event).where(eq(event.subject, stored.id)));

    expect(noted).toMatchObject({
      type: "picture.store",
      details: { type: "png", bytes: 6_000, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
  });
});
