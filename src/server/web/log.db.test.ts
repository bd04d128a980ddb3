import { afterAll, beforeAll, expect, it } from "vitest";
import { WebSocket } from "ws";
import { type Built, buildProgram } from "~tests/support/built";
import { findFreePort } from "~tests/support/ports";
import { createTestDatabase, type TestDatabase } from "~tests/support/postgres";
import { eventually, type StartedProgram, startNode } from "~tests/support/processes";
import { masterKey } from "~tests/support/system";
import { makeTemporaryFolder } from "~tests/support/temporary-folder";

let database: TestDatabase;
let built: Built;
let program: StartedProgram;
let url: string;
const folder = makeTemporaryFolder("log");
beforeAll(async () => {
  [database, built] = await Promise.all([createTestDatabase(), buildProgram("tests/support/web-program.ts")]);
  const port = await findFreePort();
  url = `http://127.0.0.1:${port}`;
  program = startNode([built.file], {
    env: {
      ...process.env,
      NODE_ENV: "test",
      LOG_LEVEL: "trace",
      DATABASE_URL: database.appUrl,
      DATA_DIR: folder.path,
      MASTER_KEYS: masterKey(1),
      NEXTAUTH_SECRET: "canary-auth-secret-canary-auth-secret-0001",
      METRICS_TOKEN: "canary-metrics-token",
      PORT: String(port),
      APP_URL: url,
    },
  });
  await new Promise((resolve, reject) => {
    program.child.once("message", resolve);
    program.ended.then((code) => reject(new Error(`ended (${code})\n${program.output()}`)));
  });
});
afterAll(async () => {
  program.child.kill("SIGTERM");
  await program.ended;
  folder.remove();
  built.remove();
  await database.drop();
});

it("LOG-01 nothing that callers plant reaches the log: headers, cookies, tokens, bodies, inputs, addresses", async () => {
  const json = { "content-type": "application/json", origin: url };
  const form = { "content-type": "application/x-www-form-urlencoded" };
  const call = (path: string, init: RequestInit = {}) =>
    fetch(`${url}${path}`, { redirect: "manual", ...init }).then((answer) => answer.text());

  await call("/api/payment/alipay/notify/chn_00000000000000000000000000", {
    method: "POST",
    headers: form,
    body: "buyer_logon_id=canary-buyer&sign=canary-sign",
  });
  await call("/api/payment/notification/bill", {
    method: "POST",
    headers: form,
    body: "app_id=2021000000000001&biz_content=canary-content",
  });
  await call("/api/payment/wechat/notify/chn_00000000000000000000000000", {
    method: "POST",
    headers: { "content-type": "application/json", "wechatpay-signature": "canary-signature", authorization: "Bearer canary-bearer" },
    body: '{"resource":{"ciphertext":"canary-cipher"}}',
  });
  await call("/api/trpc/member.invite", {
    method: "POST",
    headers: { ...json, cookie: "xjz.session=canary-session" },
    body: '{"json":{"email":"canary-mail@example.test","password":"canary-password"}}',
  });
  await call("/api/trpc/member.invite", { method: "POST", headers: json, body: "{canary-broken-json" });
  await call("/api/trpc/canary-path?input=canary-input", { headers: { origin: "https://canary-origin.test" } });
  await call("/api/trpc/public.checkout.get?input=%7B%22json%22%3A%7B%22token%22%3A%22canary0000000000000000000%22%7D%7D");
  await call("/checkout/canary-token?mobile=canary-mobile", {
    headers: { "x-forwarded-for": "canary-forwarded", "user-agent": 'canary-agent\n{"level":60}' },
  }).catch(() => {});
  await call("/metrics", { headers: { authorization: "Bearer canary-metrics-token" } });
  await call("/api/csp-report", {
    method: "POST",
    headers: { "content-type": "application/csp-report" },
    body: '{"csp-report":{"document-uri":"https://x.test/checkout/canary-document","effective-directive":"script-src","blocked-uri":"https://evil.test/canary-query"}}',
  });
  await new Promise((resolve) => {
    const ws = new WebSocket(`${url.replace("http", "ws")}/ws/payment/notification?token=canary-ws`, {
      headers: { origin: url, cookie: "checkout_00000000=canary-checkout" },
    });
    ws.once("error", resolve);
  });
  await eventually("the socket's refusal is logged", () => program.output().includes("socket_refused"));

  const lines = program.output().trim().split("\n");
  expect(lines.filter((line) => line.includes("canary"))).toEqual([]);
  // Structured, one object per line, whatever was sent (LOG-02).
  for (const line of lines) expect(JSON.parse(line)).toMatchObject({ time: expect.stringMatching(/Z$/), process: "web" });
  const said = lines.map((line) => JSON.parse(line) as { security?: string });
  expect(new Set(said.flatMap(({ security }) => security ?? []))).toEqual(
    new Set(["api_refused", "refused", "csp_violation", "socket_refused"]),
  );
});
