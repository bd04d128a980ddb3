import { parseSetCookie } from "cookie";
import NextAuth from "next-auth";
import { decode } from "next-auth/jwt";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { System } from "~/server/system";
import { newPerson, origin, PASSWORD } from "~tests/support/factories";
import { openTestSystem } from "~tests/support/system";
import { systemForFile } from "~tests/support/system-for-file";
import { authOptions } from "./auth";
import { readConfig } from "./config";
import { checkSession } from "./services/session";
import { cookieNames, readSessionId } from "./session-cookie";

const { database, sys } = await systemForFile({ APP_URL: "https://pay.example.test" });
let open: System;

beforeAll(async () => {
  open = await openTestSystem(database.appUrl, { APP_URL: "http://localhost:3000" });
});
afterAll(() => open?.close());

type Jar = Record<string, string>;

/** next-auth itself, spoken to as its handler for plain Node requests is, with our options. */
async function talk(system: System, jar: Jar, action: string, body?: Record<string, string>, ip = "192.0.2.1") {
  const answer = { status: 200, headers: new Map<string, string | string[]>(), body: undefined as unknown };
  const res = {
    status(code: number) {
      answer.status = code;
      return res;
    },
    setHeader: (name: string, value: string | string[]) => answer.headers.set(name.toLowerCase(), value),
    getHeader: (name: string) => answer.headers.get(name.toLowerCase()),
    json: (value: unknown) => {
      answer.body = value;
    },
    send: (value: unknown) => {
      answer.body = value;
    },
    end: () => {},
  };
  let deviceToken: string | null = null;
  const options = authOptions(system, {
    ...origin(ip),
    deviceToken: null,
    onSignedIn(token) {
      deviceToken = token;
    },
  });
  const query = { nextauth: action === "callback" ? [action, "credentials"] : [action] };
  await NextAuth({ query, body, cookies: jar, headers: {}, method: body ? "POST" : "GET" } as never, res as never, options);
  const cookies = [answer.headers.get("set-cookie") ?? []].flat().map((text) => parseSetCookie(text));
  for (const { name, value } of cookies) jar[name] = value ?? "";
  const { url } = (answer.body ?? {}) as { url?: string };
  return { status: answer.status, body: answer.body, redirect: url ?? "", cookies, deviceToken };
}

async function signInWith(system: System, email: string, password: string, ip?: string) {
  const jar: Jar = {};
  const { body } = await talk(system, jar, "csrf");
  const csrfToken = (body as { csrfToken: string }).csrfToken;
  const answer = await talk(system, jar, "callback", { csrfToken, email, password, json: "true" }, ip);
  return { jar, answer };
}

const cookieHeader = (jar: Jar): string =>
  Object.entries(jar)
    .map(([name, value]) => `${name}=${value}`)
    .join("; ");

describe("signing in", () => {
  it("SES-04 sets a cookie that is host-prefixed, Secure, HttpOnly and Lax, and holds the session's id alone", async () => {
    const person = await newPerson(sys);

    const { jar, answer } = await signInWith(sys, person.email, PASSWORD);

    const cookie = answer.cookies.find(({ name }) => name === "__Host-xjz.session");
    expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: "lax", path: "/" });
    expect(cookie?.domain).toBeUndefined();
    expect(answer.deviceToken).toMatch(/^[\w.-]+$/);
    const sessionId = await readSessionId(sys.config, cookieHeader(jar));
    expect(await checkSession(sys, sessionId as never)).toMatchObject({ userId: person.id });
    const claims = await decode({ token: cookie?.value, secret: sys.config.authSecret.reveal() });
    expect(Object.keys(claims ?? {}).sort()).toEqual(["exp", "iat", "jti", "sid"]);
  });

  it("works on this machine's plain http, without the prefix that browsers would refuse there", async () => {
    const person = await newPerson(open);

    const { answer } = await signInWith(open, person.email, PASSWORD);

    const cookie = answer.cookies.find(({ name }) => name === "xjz.session");
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: "lax" });
    expect(cookie?.secure).toBeFalsy();
  });

  it("SES-08 answers an unknown and a known account alike: status, address and cookies", async () => {
    const person = await newPerson(sys);
    const shape = async (email: string) => {
      const { answer } = await signInWith(sys, email, "wrong-Kf8-wmx2ha");
      return { status: answer.status, redirect: answer.redirect, cookies: answer.cookies.map(({ name }) => name).sort() };
    };

    expect(await shape(person.email)).toEqual(await shape("nobody@example.test"));
    expect((await shape(person.email)).status).toBe(401);
  });

  it("SES-07 says how long to wait, and nothing else", async () => {
    const person = await newPerson(sys);
    let redirect = "";
    for (let n = 0; n < 6; n++) redirect = (await signInWith(sys, person.email, "wrong-Kf8-wmx2ha", "192.0.2.77")).answer.redirect;

    expect(decodeURIComponent(redirect)).toMatch(/error=wait:\d+$/);
  });

  it("refuses a form without next-auth's CSRF token", async () => {
    const person = await newPerson(sys);

    const answer = await talk(sys, {}, "callback", { email: person.email, password: PASSWORD, json: "true" });

    expect(answer.cookies.some(({ name }) => name === cookieNames(sys.config).session)).toBe(false);
  });

  it("IN-08 leads nowhere but to our own pages afterwards", async () => {
    const { redirect } = authOptions(sys, { ...origin(), deviceToken: null, onSignedIn() {} }).callbacks ?? {};
    const to = (url: string) => redirect?.({ url, baseUrl: "" });

    expect(await to("/payments?x=1")).toBe("https://pay.example.test/payments?x=1");
    for (const foreign of ["https://evil.test/", "//evil.test", "/\\evil.test", "javascript:alert(1)"]) {
      expect(await to(foreign), foreign).toBe("https://pay.example.test");
    }
  });
});

describe("signing out", () => {
  it("SES-03 ends the session in the table, not just the cookie", async () => {
    const person = await newPerson(sys);
    const { jar } = await signInWith(sys, person.email, PASSWORD);
    const sessionId = await readSessionId(sys.config, cookieHeader(jar));
    const csrfToken = ((await talk(sys, jar, "csrf")).body as { csrfToken: string }).csrfToken;

    await talk(sys, jar, "signout", { csrfToken, json: "true" });

    expect(await checkSession(sys, sessionId as never)).toBeNull();
  });
});

describe("a cookie", () => {
  it("SES-10 that is forged, cut, foreign or no token at all is a visitor, never an error and never a session", async () => {
    const person = await newPerson(sys);
    const { jar } = await signInWith(sys, person.email, PASSWORD);
    const name = cookieNames(sys.config).session;
    const good = jar[name] ?? "";
    const elsewhere = { appUrl: sys.config.appUrl, authSecret: open.config.authSecret };

    expect(await readSessionId(sys.config, `${name}=${good}`)).toMatch(/^ses_/);
    expect(await readSessionId(elsewhere, `${name}=${good}`)).toBeNull();
    for (const bad of [`${name}=${good.slice(0, -4)}`, `${name}=null`, `${name}={"error":"x"}`, `${name}=`, "other=1", "", null]) {
      expect(await readSessionId(sys.config, bad), String(bad).slice(0, 30)).toBeNull();
    }
    // Under the other name it is some other site's cookie.
    expect(await readSessionId(sys.config, `xjz.session=${good}`)).toBeNull();
  });
});

describe("configuration", () => {
  const good = {
    DATABASE_URL: "postgres://a:b@127.0.0.1/x",
    MASTER_KEYS: `1:${Buffer.alloc(32, 7).toString("base64")}`,
    NEXTAUTH_SECRET: "a-secret-that-is-long-enough-to-be-one",
  };

  const read = (env: Record<string, string>) => readConfig({ NODE_ENV: "test", ...env });

  it("SES-10 without a secret, or with a weak one, nothing starts", () => {
    expect(() => read(good)).not.toThrow();
    expect(() => read({ ...good, NEXTAUTH_SECRET: "" })).toThrow(/^NEXTAUTH_SECRET is not set/);
    expect(() => read({ ...good, NEXTAUTH_SECRET: "short" })).toThrow(/^NEXTAUTH_SECRET is malformed/);
    expect(() => read({ ...good, NEXTAUTH_SECRET: "x".repeat(31) })).toThrow(/NEXTAUTH_SECRET/);
  });

  it("KEY-04 a refusal never prints the secret that it refuses", () => {
    const attempt = () => read({ ...good, NEXTAUTH_SECRET: "canary-3141" });

    expect(attempt).toThrow();
    expect(attempt).not.toThrow(/canary-3141/);
  });
});
