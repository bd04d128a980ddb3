import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { WebSocket } from "ws";
import { fen } from "~/lib/money";
import { createPayment } from "~/server/services/payment";
import { revokeSession } from "~/server/services/session";
import { newMember } from "~tests/support/factories";
import { eventually } from "~tests/support/processes";
import { cliActor, newTenant } from "~tests/support/system";
import { openTestWeb } from "~tests/support/web";

let web: Awaited<ReturnType<typeof openTestWeb>>;
beforeAll(async () => {
  web = await openTestWeb();
});
afterAll(() => web.close());

const json = { "content-type": "application/json" };

describe("headers", () => {
  it("WEB-01 every answer forbids sniffing, framing and guessing, whatever was asked", async () => {
    const paths = ["/", "/api/health/live", "/api/trpc/nothing", "/api/payment/alipay/notify/chn_x", "/metrics", "/_next/static/x.js"];
    for (const path of paths) {
      const { headers } = await web.ask({ path });
      expect(headers["x-content-type-options"]).toBe("nosniff");
      expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
      expect(headers["cross-origin-opener-policy"]).toBe("same-origin");
      expect(headers["permissions-policy"]).toContain("camera=()");
      expect(headers["x-request-id"]).toMatch(/^req_[0-9a-z]{26}$/);
      expect(headers["x-powered-by"]).toBeUndefined();
      expect(headers.server).toBeUndefined();
    }
  });

  it("WEB-01 a pay page tells its address to nobody", async () => {
    const { headers } = await web.ask({ path: "/checkout/01234567890123456789abcdef" });

    expect(headers["referrer-policy"]).toBe("no-referrer");
  });

  it("WEB-01 HSTS is said over https alone", async () => {
    const secure = await openTestWeb({ APP_URL: "https://pay.example.test" });

    const over = await secure.ask({ path: "/" });
    const plain = await web.ask({ path: "/" });

    expect(over.headers["strict-transport-security"]).toBe("max-age=31536000");
    expect(plain.headers["strict-transport-security"]).toBeUndefined();
    await secure.close();
  });

  it("RATE-02 pages see the caller's address as we know it, and none of the headers that callers may not set", async () => {
    const { text } = await web.ask({
      path: "/",
      headers: {
        "x-forwarded-for": "203.0.113.9",
        "x-forwarded-host": "evil.test",
        "x-middleware-subrequest": "proxy",
        "x-request-id": "mine",
        "x-nonce": "known",
      },
    });

    const seen = JSON.parse(text).headers;
    expect(seen["x-forwarded-for"]).toBe("127.0.0.1");
    expect(seen["x-request-id"]).toMatch(/^req_/);
    for (const name of ["x-forwarded-host", "x-middleware-subrequest", "x-nonce"]) expect(seen[name]).toBeUndefined();
  });
});

describe("who may ask", () => {
  it("refuses another host's name and leads this machine's other names to ours", async () => {
    const foreign = await web.ask({ path: "/payments", headers: { host: "evil.test" } });
    const alias = await web.ask({ path: "/payments?q=1", headers: { host: `localhost:${web.port}` } });

    expect(foreign.status).toBe(421);
    expect([alias.status, alias.headers.location]).toEqual([307, `${web.appUrl}/payments?q=1`]);
  });

  it("WEB-06 TRACE and every other method that nothing uses are refused", async () => {
    for (const method of ["TRACE", "PUT", "DELETE", "PATCH", "OPTIONS"]) {
      expect((await web.ask({ path: "/", method })).status).toBe(405);
    }
  });

  it("WEB-03 a post to a page needs our own origin; null and none are foreign", async () => {
    for (const origin of [undefined, "null", "https://evil.test", `${web.origin}.evil.test`]) {
      const { status } = await web.ask({ method: "POST", path: "/api/auth/signout", headers: origin ? { origin } : {} });
      expect(status).toBe(403);
    }
    expect((await web.ask({ method: "POST", path: "/api/auth/signout", headers: { origin: web.origin } })).status).toBe(200);
  });

  it("WEB-03 the API takes JSON from our own pages alone", async () => {
    const body = JSON.stringify({ json: null });
    const call = (headers: Record<string, string>) => web.ask({ method: "POST", path: "/api/trpc/tenant.create", headers, body });

    expect((await call({ ...json, origin: "https://evil.test" })).status).toBe(403);
    expect((await call({ ...json, origin: "null" })).status).toBe(403);
    expect((await call(json)).status).toBe(403);
    expect((await call({ "content-type": "text/plain", origin: web.origin })).status).toBe(415);
    expect((await call({ "content-type": "application/x-www-form-urlencoded", origin: web.origin })).status).toBe(415);
    expect((await call({ ...json, origin: web.origin })).status).toBe(401);
  });

  it("WEB-02 what the API answers is kept by nobody", async () => {
    const { headers } = await web.ask({ path: "/api/trpc/payment.list" });

    expect(headers["cache-control"]).toBe("no-store");
    expect(headers["access-control-allow-origin"]).toBeUndefined();
  });

  it("IN-02 an API body above 256 KiB and a batch above ten calls are refused", async () => {
    const large = await web.ask({
      method: "POST",
      path: "/api/trpc/payment.create",
      headers: { ...json, origin: web.origin },
      body: JSON.stringify({ json: { subject: "x".repeat(300_000) } }),
    });
    const many = Array.from({ length: 11 }, () => "payment.list").join(",");
    const batch = await web.ask({ path: `/api/trpc/${many}?batch=1&input=%7B%7D` });

    expect(large.status).toBe(413);
    expect(batch.status).toBe(400);
  });
});

describe("health and figures", () => {
  it("says what it checked, and is alive whatever it found", async () => {
    const ready = await web.ask({ path: "/api/health/ready" });
    const live = await web.ask({ path: "/api/health/live", headers: { host: "10.0.0.7:3000" } });

    expect(ready.status).toBe(200);
    expect(JSON.parse(ready.text)).toEqual({ status: "ok", checks: { database: "ok", queue: "ok", schema: "ok", clock: "ok" } });
    expect([live.status, JSON.parse(live.text).status]).toEqual([200, "ok"]);
  });

  it("shows its figures to this machine, and to nobody who comes through a proxy", async () => {
    const here = await web.ask({ path: "/metrics" });
    const proxied = await web.ask({ path: "/metrics", headers: { "x-forwarded-for": "127.0.0.1" } });

    expect(here.status).toBe(200);
    expect(here.text).toContain("xjz_http_request_seconds_count");
    expect(here.text).toContain("xjz_outbox_due 0");
    expect(proxied.status).toBe(404);
  });

  it("takes reports of the browser's policy, small ones and not too many", async () => {
    const report = (body: string) =>
      web.ask({ method: "POST", path: "/api/csp-report", headers: { "content-type": "application/csp-report" }, body });

    expect((await report('{"csp-report":{"effective-directive":"script-src","blocked-uri":"inline"}}')).status).toBe(204);
    expect((await report("not json")).status).toBe(400);
    expect((await report("x".repeat(20_000))).status).toBe(413);
    const rest = await Promise.all(Array.from({ length: 25 }, () => report("{}")));
    expect(rest.at(-1)?.status).toBe(429);
  });
});

describe("the socket", () => {
  const member = async () => {
    const ctx = await newTenant(web.sys);
    const person = await newMember(ctx, "viewer");
    return { ctx, person, cookie: await web.cookieOf(person.sessionId) };
  };
  const opened = (answer: WebSocket | number): WebSocket => {
    if (typeof answer === "number") throw new Error(`refused with ${answer}`);
    return answer;
  };
  let subscriptions = 0;
  /** Subscribes and gathers what comes. */
  const subscribe = (ws: WebSocket, path: string, input?: unknown) => {
    const news: { type: string; subject: string }[] = [];
    const errors: string[] = [];
    ws.on("message", (data) => {
      if (String(data) === "PING") return ws.send("PONG");
      const message = JSON.parse(String(data));
      const item = message.result?.data?.data?.json ?? message.result?.data?.json?.data;
      if (item) news.push(item);
      if (message.error) errors.push(message.error.json?.data?.appCode ?? message.error.message);
    });
    const sent = input === undefined ? { json: null, meta: { values: ["undefined"] } } : { json: input };
    ws.send(JSON.stringify({ id: ++subscriptions, method: "subscription", params: { path, input: sent } }));
    return { news, errors };
  };

  it("WEB-05 is opened for our own origin and a live session alone", async () => {
    const { cookie, person } = await member();

    expect(await web.socket({ cookie })).toBe(403);
    expect(await web.socket({ cookie, origin: "null" })).toBe(403);
    expect(await web.socket({ cookie, origin: "https://evil.test" })).toBe(403);
    expect(await web.socket({ origin: web.origin })).toBe(401);
    expect(await web.socket({ origin: web.origin, cookie: "xjz.session=forged" })).toBe(401);
    expect(await web.socket({ origin: web.origin, cookie, host: "evil.test" })).toBe(421);
    opened(await web.socket({ origin: web.origin, cookie })).terminate();
    await revokeSession(web.sys, await person.identity(), person.sessionId, {
      ip: "127.0.0.1",
      userAgent: "",
      requestId: "req_x" as never,
    });
    expect(await web.socket({ origin: web.origin, cookie })).toBe(401);
  });

  it("WEB-05 every other address refuses an upgrade", async () => {
    const { cookie } = await member();

    for (const path of ["/", "/ws", "/ws/payment/notification/", "/_next/webpack-hmr", "/api/trpc/event.live"]) {
      expect(await web.socket({ origin: web.origin, cookie }, path)).toBe(404);
    }
  });

  it("WEB-05 five sockets per person, and a closed one makes room", async () => {
    const { cookie } = await member();
    const open = () => web.socket({ origin: web.origin, cookie });
    const five = await Promise.all(Array.from({ length: 5 }, open));

    expect(await open()).toBe(429);

    opened(five[0] ?? 0).terminate();
    const next = await eventually("a place is free", async () => {
      const answer = await open();
      return typeof answer === "number" ? null : answer;
    });
    for (const ws of [...five.slice(1), next]) opened(ws).terminate();
  });

  it("WEB-05 a frame above 64 KiB ends the socket", async () => {
    const { cookie } = await member();
    const ws = opened(await web.socket({ origin: web.origin, cookie }));
    const closed = new Promise((resolve) => ws.once("close", resolve));

    ws.send("x".repeat(65_537));

    expect(await closed).toBe(1009);
  });

  it("WEB-05 hears its own tenant and no other, and a gap first", async () => {
    const mine = await member();
    const other = await member();
    const ws = opened(await web.socket({ origin: web.origin, cookie: mine.cookie }));
    const { news } = subscribe(ws, "event.live");
    await eventually("the subscription stands", () => news.length > 0);

    const owe = (ctx: typeof mine.ctx, orderNo: string) => createPayment(ctx, { orderNo, subject: "尾款", amountFen: fen(100n) });
    await owe(other.ctx, "THEIRS");
    const { payment } = await owe(mine.ctx, "MINE");
    await eventually("the news arrives", () => news.some(({ type }) => type === "payment.create"));

    expect(news[0]).toEqual({ type: "gap", subject: "" });
    expect(news.filter(({ type }) => type === "payment.create")).toEqual([{ type: "payment.create", subject: payment.id }]);
    ws.terminate();
  });

  it("SES-03 a member who was disabled hears nothing more", async () => {
    const { ctx, person, cookie } = await member();
    const ws = opened(await web.socket({ origin: web.origin, cookie }));
    const { news, errors } = subscribe(ws, "event.live");
    await eventually("the subscription stands", () => news.length > 0);
    await revokeSession(web.sys, await person.identity(), person.sessionId, {
      ip: "127.0.0.1",
      userAgent: "",
      requestId: "req_x" as never,
    });

    // What was checked within the last second is believed; after it the next news finds the door closed.
    await eventually("the socket is told so", async () => {
      await createPayment(ctx, { orderNo: `N${Date.now()}`, subject: "尾款", amountFen: fen(100n) });
      return errors.length > 0;
    });

    expect(errors).toEqual(["unauthenticated"]);
    ws.terminate();
  });

  it("WEB-05 a buyer's page is admitted by its own cookie and hears of its own payment alone", async () => {
    const { ctx } = await member();
    const owe = (orderNo: string) => createPayment(ctx, { orderNo, subject: "尾款", amountFen: fen(100n) });
    const { checkoutUrl, payment } = await owe("B1");
    const path = new URL(checkoutUrl).pathname;
    const token = path.split("/").at(-1);

    const page = await web.ask({ path });
    const cookie = String(page.headers["set-cookie"]?.[0]);
    expect(cookie).toMatch(/^checkout_[0-9a-f]{8}=[0-9a-z]{26}; Path=\/ws; Max-Age=86400; HttpOnly; SameSite=Lax$/);
    const ws = opened(await web.socket({ origin: web.origin, cookie: cookie.split(";")[0] ?? "" }));
    const { news } = subscribe(ws, "public.checkout.live", { token });
    await eventually("the subscription stands", () => news.length > 0);
    await owe("B2");
    const { cancelPayment } = await import("~/server/services/payment");
    await cancelPayment(ctx, payment.id, "changed my mind");
    await eventually("the payment's own news arrives", () => news.some(({ type }) => type === "payment.close"));

    expect(new Set(news.map(({ subject }) => subject))).toEqual(new Set(["", payment.id]));
    const refused = subscribe(ws, "event.live");
    await eventually("the tenant's news is refused", () => refused.errors.length > 0);
    ws.terminate();
  });

  it("ERR-04 stopping closes sockets so that they come back elsewhere", async () => {
    const own = await openTestWeb();
    const person = await newMember(await newTenant(own.sys, cliActor), "owner");
    const ws = opened(await own.socket({ origin: own.origin, cookie: await own.cookieOf(person.sessionId) }));
    const closed = new Promise((resolve) => ws.once("close", resolve));
    const said: string[] = [];
    ws.on("message", (data) => said.push(String(data)));

    await own.stop();

    expect(await closed).toBe(1001);
    expect(said.some((text) => text.includes('"reconnect"'))).toBe(true);
    await own.close();
  });
});
