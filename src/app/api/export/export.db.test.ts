import { createTranslator } from "next-intl";
import { describe, expect, it } from "vitest";
import { CSV_BOM } from "~/lib/csv";
import { messagesOf } from "~/messages";
import { contextFor } from "~/server/api/context";
import { answerDownload } from "~/server/api/download";
import { event } from "~/server/db/schema";
import { newGrantee, newMember, type SignedIn } from "~tests/support/factories";
import { newShop, order } from "~tests/support/sales";
import { systemForFile } from "~tests/support/system-for-file";
import { paymentsFile } from "./payments/file";
import { reportFile } from "./workbench/file";

const { sys } = await systemForFile();

const messages = messagesOf("zh");
const payments = paymentsFile(createTranslator({ locale: "zh", messages, namespace: "payment" }), "zh");
const report = reportFile(createTranslator({ locale: "zh", messages, namespace: "dashboard" }), "zh");

const asking = (body: string) => new Request("http://pay.example.test/api/export", { method: "POST", body });
const take = (person: SignedIn | null, input: unknown = {}) =>
  answerDownload(contextFor(sys, person?.sessionId ?? null), asking(JSON.stringify(input)), payments);
const codeIn = async (answer: Response) => ((await answer.json()) as { error: { data: { appCode: string } } }).error.data.appCode;

describe("an export", () => {
  it("IN-06 is an attachment that nobody sniffs, under a name of ours, with formulas disarmed and numbers left numbers", async () => {
    const ctx = await newShop(sys);
    const finance = await newMember(ctx, "finance");
    await order(ctx, { amountFen: 123_450n, orderNo: "SO1", subject: "=1+1" });
    await order(await newShop(sys), { amountFen: 1n, orderNo: "THEIRS" });

    const answer = await take(finance, { minFen: "100" });
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(await answer.arrayBuffer());

    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-disposition")).toMatch(/^attachment; filename="payments-\d{14}\.csv"$/);
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(text.startsWith(CSV_BOM)).toBe(true);
    expect(text.trimEnd().split("\r\n")).toHaveLength(2);
    expect(text).toContain('"SO1","\'=1+1",1234.50,0.00,');
    expect(text).not.toContain("THEIRS");
  });

  it("SES-02 is for owner and finance alone, and leaves no trace of a refusal in the tenant", async () => {
    const ctx = await newShop(sys);
    const refused = [await newMember(ctx, "admin"), await newMember(ctx, "viewer"), await newGrantee(ctx)];

    for (const person of refused) expect([(await take(person)).status]).toEqual([403]);
    expect(await codeIn(await take(null))).toBe("unauthenticated");
    const events = await ctx.read((tx) => tx.select({ type: event.type }).from(event));
    expect(events.filter(({ type }) => type === "payment.export")).toEqual([]);
    expect((await take(await newMember(ctx, "owner"))).status).toBe(200);
  });

  it("WEB-03 is not given to a page that is not ours", async () => {
    const finance = await newMember(await newShop(sys), "finance");

    const answer = await answerDownload({ ...contextFor(sys, finance.sessionId), sameOrigin: false }, asking("{}"), payments);

    expect([answer.status, await codeIn(answer)]).toEqual([403, "forbidden"]);
  });

  it("refuses what is no filter, and says so as a procedure would", async () => {
    const finance = await newMember(await newShop(sys), "finance");
    const refusalOf = async (body: string) => codeIn(await answerDownload(contextFor(sys, finance.sessionId), asking(body), payments));

    expect(await refusalOf("not json")).toBe("invalid_input");
    expect(await refusalOf('{"tenantId":"ten_x"}')).toBe("invalid_input");
    expect(await refusalOf(`{"q":"${"x".repeat(20_000)}"}`)).toBe("invalid_input");
  });

  it("RATE-01 is taken five times a minute and tenant at most", async () => {
    const [busy, quiet] = [await newMember(await newShop(sys), "owner"), await newMember(await newShop(sys), "owner")];

    const statuses = [];
    for (let times = 0; times < 6; times += 1) statuses.push((await take(busy)).status);

    expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
    expect((await take(quiet)).status).toBe(200);
  });

  it("of the workbench is audited like one of payments", async () => {
    const ctx = await newShop(sys);
    const finance = await newMember(ctx, "finance");
    await order(ctx, { amountFen: 2_500n });

    const answer = await answerDownload(contextFor(sys, finance.sessionId), asking('{"range":"7d"}'), report);

    expect(answer.headers.get("content-disposition")).toContain("report-7d-");
    expect(await answer.text()).toContain('"待支付",25.00,1');
    const events = await ctx.read((tx) => tx.select().from(event));
    expect(events.find(({ type }) => type === "dashboard.export")).toMatchObject({ actorId: finance.id, details: { range: "7d" } });
  });
});
