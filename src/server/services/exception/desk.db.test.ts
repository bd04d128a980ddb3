import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { ListCases } from "~/domain/exception-input";
import { newId } from "~/lib/id";
import { after, hours } from "~/lib/time";
import { type Ctx, inTenant } from "~/server/context";
import { event } from "~/server/db/schema";
import { disableMember } from "~/server/services/member";
import { codeOf, newMember, newTenantWithStaff } from "~tests/support/factories";
import { newShop, order, settle } from "~tests/support/sales";
import { newTenant } from "~tests/support/system";
import { systemForFile } from "~tests/support/system-for-file";
import { assignCase, dismissCase, getCaseDetail, listCases, noteCase, openCase, sumCases } from ".";

const { sys } = await systemForFile();

/** A case of money at risk: the buyer paid one fen too little. */
async function aCase(ctx?: Ctx, amountFen = 26_800n) {
  const desk = ctx ?? (await newShop(sys));
  const owed = await order(desk, { amountFen });
  await settle(desk, owed.id, "alipay_qr", amountFen - 1n);
  const { items } = await listCases(desk, ListCases.parse({ q: owed.orderNo }));
  const [opened] = items;
  if (!opened) throw new Error("a case must be open");
  return { ctx: desk, owed, caseId: opened.id };
}
const eventsOf = async (ctx: Ctx, subject: string) =>
  (
    await ctx.read((tx) =>
      tx.select({ type: event.type, details: event.details }).from(event).where(eq(event.subject, subject)).orderBy(event.no),
    )
  )
    .filter(({ type }) => type.startsWith("exception."))
    .map(({ type, details }) => [type, details]);
const later = (ctx: Ctx, ms: number): Ctx => inTenant({ ...ctx.sys, now: () => after(sys.now(), ms) }, ctx.tenantId, ctx.actor);

describe("a case on the desk", () => {
  it("shows what the provider says beside our books, with its age and what to do", async () => {
    const { ctx, owed, caseId } = await aCase();

    const { case: shown, proposal, history } = await getCaseDetail(ctx, caseId);

    expect(shown).toMatchObject({
      kind: "wrong_amount",
      status: "open",
      amountFen: 26_799n,
      expectedFen: 26_800n,
      orderNo: owed.orderNo,
      facts: { theirState: "TRADE_SUCCESS", theirAmount: "267.99", ourAmount: "268.00", ourPaymentState: "pending" },
    });
    expect(proposal).toBe("refund");
    // The payment's own story leads to it.
    expect(history.map(({ type }) => type)).toEqual(expect.arrayContaining(["exception.open", "transaction.succeed", "payment.create"]));
    expect(shown).not.toHaveProperty("tenantId");
  });

  it("AUD-01 goes to a member and back to nobody, each told with before and after", async () => {
    const { ctx, caseId } = await aCase();
    const finance = await newMember(ctx, "finance");

    expect(await assignCase(ctx, caseId, finance.id)).toMatchObject({ ownerId: finance.id });
    expect((await getCaseDetail(ctx, caseId)).case.ownerName).toBe(finance.name);
    expect(await assignCase(ctx, caseId, null)).toMatchObject({ ownerId: null });

    expect((await eventsOf(ctx, caseId)).slice(1)).toEqual([
      ["exception.assign", { before: null, after: finance.id }],
      ["exception.assign", { before: finance.id, after: null }],
    ]);
  });

  it("goes to no stranger and to nobody who was disabled", async () => {
    const { ctx, caseId } = await aCase();
    const { finance: stranger } = await newTenantWithStaff(sys);
    const gone = await newMember(ctx, "finance");
    await disableMember(ctx, gone.id);

    expect(await codeOf(assignCase(ctx, caseId, stranger.id))).toBe("not_found");
    expect(await codeOf(assignCase(ctx, caseId, gone.id))).toBe("not_found");
  });

  it("keeps notes, newest first, also after its end", async () => {
    const { ctx, caseId } = await aCase();
    await noteCase(ctx, caseId, "已电话联系买家");
    await dismissCase(ctx, caseId, "渠道已原路退回");
    await noteCase(later(ctx, hours(1)), caseId, "买家确认收到");

    const { notes } = await getCaseDetail(ctx, caseId);

    expect(notes.map(({ text }) => text)).toEqual(["买家确认收到", "已电话联系买家"]);
  });

  it("AUD-01 ends once, with a reason, and leaves the sum at risk", async () => {
    const { ctx, caseId } = await aCase();
    expect(await sumCases(ctx)).toMatchObject({ count: 1, owned: 0, totalFen: 26_799n });

    const ended = await dismissCase(ctx, caseId, "渠道已原路退回");

    expect(ended).toMatchObject({ status: "dismissed", reason: "渠道已原路退回", closedBy: ctx.actor.id });
    expect(await codeOf(dismissCase(ctx, caseId, "again"))).toBe("not_allowed_now");
    expect(await codeOf(assignCase(ctx, caseId, null))).toBe("not_allowed_now");
    expect(await sumCases(ctx)).toMatchObject({ count: 0, totalFen: 0n, kinds: [] });
    expect((await eventsOf(ctx, caseId)).at(-1)).toEqual([
      "exception.dismiss",
      { kind: "wrong_amount", amountFen: "26799", reason: "渠道已原路退回" },
    ]);
  });

  it("ends for one of two who end it in the same moment", async () => {
    const { ctx, caseId } = await aCase();

    const codes = await Promise.all([codeOf(dismissCase(ctx, caseId, "one")), codeOf(dismissCase(ctx, caseId, "two"))]);

    expect(codes.sort()).toEqual(["not_allowed_now", "ok"]);
  });

  it("TEN-07 is nobody else's: a neighbour's commands and reads find nothing", async () => {
    const { caseId } = await aCase();
    const neighbour = await newTenant(sys);

    const codes = await Promise.all([
      codeOf(getCaseDetail(neighbour, caseId)),
      codeOf(assignCase(neighbour, caseId, null)),
      codeOf(noteCase(neighbour, caseId, "hello")),
      codeOf(dismissCase(neighbour, caseId, "mine")),
      codeOf(getCaseDetail(neighbour, newId("case"))),
    ]);

    expect(codes).toEqual(Array(5).fill("not_found"));
    expect((await listCases(neighbour, ListCases.parse({}))).items).toEqual([]);
  });
});

describe("the list of cases", () => {
  it("pages open cases from the oldest on and ended ones from the latest on, each once", async () => {
    const ctx = await newShop(sys);
    const opened: string[] = [];
    for (let hour = 0; hour < 5; hour += 1) opened.push((await aCase(later(ctx, hours(hour)), BigInt(10_000 + hour))).caseId);
    const [first, second, third] = opened as [string, string, string];
    await dismissCase(later(ctx, hours(6)), third as never, "c");
    await dismissCase(later(ctx, hours(7)), first as never, "a");
    await dismissCase(later(ctx, hours(8)), second as never, "b");

    const walk = async (status: "open" | "ended") => {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await listCases(ctx, ListCases.parse({ status, limit: 1, cursor }));
        seen.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor ?? undefined;
      } while (cursor);
      return seen;
    };

    expect(await walk("open")).toEqual(opened.slice(3));
    expect(await walk("ended")).toEqual([second, first, third]);
  });

  it("filters by kind, owner and number", async () => {
    const { ctx, owed, caseId } = await aCase();
    const mine = await newMember(ctx, "finance");
    await assignCase(ctx, caseId, mine.id);
    const { channelId } = (await getCaseDetail(ctx, caseId)).case;
    await ctx.transaction((tx) => openCase(tx, ctx, { kind: "unknown_order", dedupeKey: "x", amountFen: owed.amountFen, channelId }));
    const as = inTenant(sys, ctx.tenantId, { kind: "user", id: mine.id, role: "finance", ip: "192.0.2.1", requestId: "r" });
    const kinds = async (input: unknown) => (await listCases(as, ListCases.parse(input))).items.map(({ kind }) => kind);

    expect(await kinds({ owner: "me" })).toEqual(["wrong_amount"]);
    expect(await kinds({ owner: "nobody" })).toEqual(["unknown_order"]);
    expect(await kinds({ kind: "unknown_order" })).toEqual(["unknown_order"]);
    expect(await kinds({ q: owed.orderNo })).toEqual(["wrong_amount"]);
    expect(await kinds({ q: "nothing" })).toEqual([]);
  });
});
