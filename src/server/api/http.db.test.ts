import superjson from "superjson";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newId } from "~/lib/id";
import { newTenantWithStaff, PASSWORD } from "~tests/support/factories";
import { openTestWeb } from "~tests/support/web";

/** The API as browsers meet it: over HTTP, with a cookie. */

let web: Awaited<ReturnType<typeof openTestWeb>>;

beforeAll(async () => {
  web = await openTestWeb();
});
afterAll(() => web?.close());

type Told = { error?: { json: { message: string; code: number; data: Record<string, unknown> } }; result?: { data: { json: unknown } } };

async function call(path: string, input: unknown, headers: Record<string, string> = {}) {
  const answer = await web.ask({
    method: "POST",
    path: `/api/trpc/${path}`,
    headers: { "content-type": "application/json", origin: web.origin, ...headers },
    body: superjson.stringify(input),
  });
  return { ...answer, told: JSON.parse(answer.text) as Told };
}

describe("what an error tells", () => {
  it("ERR-01 ERR-02 a stable word and the request's number, and nothing of how we are made", async () => {
    const { owner } = await newTenantWithStaff(web.sys);
    const cookie = await web.cookieOf(owner.sessionId);
    const cases: [string, unknown, number, string][] = [
      ["member.me", {}, 401, "unauthenticated"],
      ["no.such", {}, 404, "not_found"],
      ["member.disable", { userId: newId("user") }, 404, "not_found"],
      ["member.disable", { userId: "canary' or 1=1" }, 400, "invalid_input"],
      ["member.changePassword", { current: "canary-current", next: "canary-next" }, 400, "invalid_input"],
      ["tenant.list", {}, 403, "forbidden"],
    ];
    for (const [path, input, status, code] of cases) {
      const { status: met, told, text, headers } = await call(path, input, code === "unauthenticated" ? {} : { cookie });
      expect([path, met, told.error?.json.message], path).toEqual([path, status, code]);
      expect(told.error?.json.data).toMatchObject({ appCode: code, requestId: headers["x-request-id"] });
      expect(text).not.toMatch(/stack|select |\.ts|node_modules|canary/i);
    }
  });

  it("ERR-02 a body that is no JSON is the caller's doing", async () => {
    const { owner } = await newTenantWithStaff(web.sys);
    const answer = await web.ask({
      method: "POST",
      path: "/api/trpc/member.disable",
      headers: { "content-type": "application/json", origin: web.origin, cookie: await web.cookieOf(owner.sessionId) },
      body: '{"json":{"userId":',
    });

    expect(answer.status).toBe(400);
  });

  it("RATE-01 says when to come back", async () => {
    const { viewer } = await newTenantWithStaff(web.sys);
    const cookie = await web.cookieOf(viewer.sessionId);

    const answers = await Promise.all(Array.from({ length: 60 }, () => call("member.list", {}, { cookie })));

    const refused = answers.find(({ status }) => status === 429);
    expect(refused?.told.error?.json.data.appCode).toBe("too_many_requests");
    expect(Number(refused?.headers["retry-after"])).toBeGreaterThanOrEqual(1);
  });
});

describe("who is asking", () => {
  it("SES-03 the same cookie stops working the moment its session is over", async () => {
    const { owner, viewer } = await newTenantWithStaff(web.sys);
    const cookie = await web.cookieOf(viewer.sessionId);
    expect((await call("member.list", {}, { cookie })).status).toBe(200);

    await owner.api.member.disable({ userId: viewer.id });

    expect((await call("member.list", {}, { cookie })).status).toBe(403);
  });

  it("TEN-06 a tenant in the input, the address or a header changes nothing", async () => {
    const [mine, theirs] = [await newTenantWithStaff(web.sys), await newTenantWithStaff(web.sys)];
    const cookie = await web.cookieOf(mine.viewer.sessionId);
    const headers = { cookie, "x-tenant-id": theirs.ctx.tenantId };

    const plain = await call("member.list", {}, headers);
    const asked = await call("member.list", { tenantId: theirs.ctx.tenantId }, headers);

    expect(plain.text).toContain(mine.owner.id);
    expect(plain.text).not.toContain(theirs.owner.id);
    expect(asked.status).toBe(400);
  });

  it("WEB-02 no password and no e-mail address travels in an address", async () => {
    const { owner } = await newTenantWithStaff(web.sys);
    const cookie = await web.cookieOf(owner.sessionId);

    const answer = await call("member.confirmPassword", { password: PASSWORD }, { cookie });
    const byAddress = await web.ask({ path: `/api/trpc/member.confirmPassword?input=${encodeURIComponent("{}")}`, headers: { cookie } });

    expect(answer.status).toBe(200);
    expect(byAddress.status).toBe(405);
  });
});
