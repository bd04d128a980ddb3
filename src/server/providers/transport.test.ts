import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setImmediate } from "node:timers/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ProviderError } from "~/lib/errors";
import {
  addressRefusal,
  checkedLookup,
  closeTransport,
  isPublicAddress,
  observeCalls,
  type ProviderCall,
  type ProviderRequest,
  retrying,
  send,
} from "./transport";

const servers: Server[] = [];
let keys = 0;

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const requestTo = (url: string, more: Partial<ProviderRequest> = {}): ProviderRequest => ({
  url,
  method: "POST",
  headers: { "content-type": "text/plain" },
  body: "hello",
  deadlineMs: 2_000,
  environment: "simulator",
  breakerKey: `tenant-${keys++}:alipay`,
  ...more,
});

const failureOf = async (call: Promise<unknown>): Promise<ProviderError> => {
  const outcome = await call.then(
    () => new Error("it succeeded"),
    (error: unknown) => error,
  );
  expect(outcome).toBeInstanceOf(ProviderError);
  return outcome as ProviderError;
};

afterEach(async () => {
  vi.useRealTimers();
  await closeTransport();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

describe("send", () => {
  it("answers with status, headers and the exact bytes, and keeps the connection for the next call", async () => {
    const sockets = new Set<unknown>();
    const url = await serve(async (request, response) => {
      sockets.add(request.socket);
      let body = "";
      for await (const chunk of request) body += chunk;
      response.writeHead(404, { "x-echo": body }).end(Buffer.from([0xff, 0x00, 0x7b]));
    });

    const first = await send(requestTo(`${url}/a?b=c`));
    // The library reuses a connection one turn of the event loop later, to see whether the server closes it.
    await setImmediate();
    await send(requestTo(url));

    expect(first.status).toBe(404);
    expect(first.headers["x-echo"]).toBe("hello");
    expect([...first.body]).toEqual([0xff, 0x00, 0x7b]);
    expect(sockets.size).toBe(1);
  });

  it("IDEM-04 calls a refused connection unavailable: nothing was sent", async () => {
    const url = await serve(() => {});
    const server = servers.pop();
    await new Promise((resolve) => server?.close(resolve));

    expect(await failureOf(send(requestTo(url)))).toMatchObject({ kind: "unavailable", code: "connection_refused" });
  });

  it("IDEM-04 calls a timeout after sending unknown", async () => {
    const url = await serve(() => {});

    expect(await failureOf(send(requestTo(url, { deadlineMs: 60 })))).toMatchObject({ kind: "unknown", code: "timeout" });
  });

  it("IDEM-04 calls a deadline that passes in the middle of the answer unknown", async () => {
    const url = await serve((_request, response) => void response.writeHead(200).write("half"));

    expect(await failureOf(send(requestTo(url, { deadlineMs: 60 })))).toMatchObject({ kind: "unknown", code: "timeout" });
  });

  it("IDEM-04 calls a reset after sending unknown", async () => {
    const url = await serve((request) => request.socket.resetAndDestroy());

    expect(await failureOf(send(requestTo(url)))).toMatchObject({ kind: "unknown", code: "connection_lost" });
  });

  it("IDEM-04 calls an answer that breaks off unknown, and one that is not HTTP too", async () => {
    const broken = await serve((request, response) => {
      response.writeHead(200, { "content-length": "100" }).write("half");
      setImmediate().then(() => request.socket.destroy());
    });
    const noise = await serve((request) => void request.socket.end("220 smtp.example ready\r\n\r\n"));

    expect(await failureOf(send(requestTo(broken)))).toMatchObject({ kind: "unknown" });
    expect(await failureOf(send(requestTo(noise)))).toMatchObject({ kind: "unknown" });
  });

  it("IN-07 follows no redirect", async () => {
    let reached = 0;
    const target = await serve((_request, response) => {
      reached++;
      response.end("secret");
    });
    const url = await serve((_request, response) => void response.writeHead(302, { location: target }).end());

    expect(await failureOf(send(requestTo(url)))).toMatchObject({ kind: "unknown", code: "redirect" });
    expect(reached).toBe(0);
  });

  it("IN-07 stops reading an answer that is too large", async () => {
    const url = await serve((_request, response) => void response.end(Buffer.alloc(70_000, "x")));

    expect(await failureOf(send(requestTo(url, { maxBytes: 65_536 })))).toMatchObject({ kind: "unknown", code: "too_large" });
  });

  it("tells observers of each call without anything secret", async () => {
    const url = await serve((_request, response) => void response.end("ok"));
    const calls: ProviderCall[] = [];
    const stop = observeCalls((call) => void calls.push(call));

    await send(requestTo(`${url}/gateway.do?sign=SECRET`));
    await failureOf(send(requestTo("http://10.0.0.1/gateway.do?sign=SECRET")));
    stop();
    await send(requestTo(url));

    expect(calls.map(({ outcome, code, status }) => ({ outcome, code, status }))).toEqual([
      { outcome: "answered", code: null, status: 200 },
      { outcome: "unavailable", code: "address_refused", status: null },
    ]);
    expect(JSON.stringify(calls)).not.toContain("SECRET");
  });
});

describe("addresses", () => {
  it.each([
    ["https://openapi.alipay.com/gateway.do", "live", null],
    ["https://api.mch.weixin.qq.com", "live", null],
    ["https://openapi-sandbox.dl.alipaydev.com/gateway.do", "sandbox", null],
    ["http://127.0.0.1:3100/gateway.do", "simulator", null],
    ["http://localhost:3100", "simulator", null],
    ["http://[::1]:3100", "simulator", null],
    ["http://openapi.alipay.com/gateway.do", "live", "not_https"],
    ["https://openapi.alipay.com:8443/gateway.do", "live", "not_port_443"],
    ["https://openapi.alipay.com.evil.example/", "live", "host_not_allowed"],
    ["https://openapi.alipay.com@evil.example/", "live", "credentials_or_fragment"],
    ["https://127.0.0.1/gateway.do", "live", "host_not_allowed"],
    ["https://openapi-sandbox.dl.alipaydev.com/gateway.do", "live", "host_not_allowed"],
    ["http://127.0.0.1:3100/gateway.do", "sandbox", "not_https"],
    ["http://127.1.2.3/", "simulator", "not_loopback"],
    ["http://169.254.169.254/latest/meta-data", "simulator", "not_loopback"],
    ["file:///etc/passwd", "simulator", "not_http"],
    ["gateway", "live", "not_a_url"],
  ] as const)("IN-07 judges %s in %s", (url, environment, refusal) => {
    expect(addressRefusal(url, environment)).toBe(refusal);
  });

  it.each([
    ["https://dwbillcenter.alipay.com/downloadBillFile.resource?x=1", "live", "alipay", null],
    ["https://dwbillcenter.alipaydev.com/downloadBillFile.resource", "sandbox", "alipay", null],
    ["https://api.mch.weixin.qq.com/v3/billdownload/file?token=1", "live", "wechat", null],
    ["https://api2.mch.weixin.qq.com/v3/billdownload/file?token=1", "live", "wechat", null],
    ["http://127.0.0.1:3100/bill", "simulator", "alipay", null],
    ["http://127.0.0.1:3101/bill", "simulator", "alipay", "other_origin"],
    ["http://localhost:3100/bill", "simulator", "wechat", "other_origin"],
    ["http://10.0.0.1:3100/bill", "simulator", "alipay", "not_loopback"],
    ["https://openapi.alipay.com/gateway.do", "live", "alipay", "host_not_allowed"],
    ["https://dwbillcenter.alipay.com/", "live", "wechat", "host_not_allowed"],
    ["https://dwbillcenter.alipay.com/", "sandbox", "alipay", "host_not_allowed"],
    ["https://api.mch.weixin.qq.com/", "live", "alipay", "host_not_allowed"],
    ["https://evil.alipay.com.example/", "live", "alipay", "host_not_allowed"],
    ["https://api.mch.weixin.qq.com/", "sandbox", "wechat", "host_not_allowed"],
    ["http://dwbillcenter.alipay.com/", "live", "alipay", "not_https"],
    ["https://dwbillcenter.alipay.com:8443/", "live", "alipay", "not_port_443"],
    ["https://me@dwbillcenter.alipay.com/", "live", "alipay", "credentials_or_fragment"],
  ] as const)("IN-07 judges %s in %s as the place of a statement of %s", (url, environment, provider, refusal) => {
    expect(addressRefusal(url, environment, { provider, channelOrigin: "http://127.0.0.1:3100" })).toBe(refusal);
  });

  it("IN-07 no call reaches the host of statements", () => {
    expect(addressRefusal("https://dwbillcenter.alipay.com/gateway.do", "live")).toBe("host_not_allowed");
    expect(addressRefusal("https://dwbillcenter.alipaydev.com/gateway.do", "sandbox")).toBe("host_not_allowed");
  });

  it("IN-07 a refused address is never sent to and counts as unavailable", async () => {
    expect(await failureOf(send(requestTo("http://10.0.0.1/", { environment: "live" })))).toMatchObject({
      kind: "unavailable",
      code: "address_refused",
    });
  });

  it.each([
    "10.1.2.3",
    "127.0.0.1",
    "169.254.1.1",
    "192.168.0.1",
    "100.64.0.1",
    "::1",
    "fe80::1",
    "fc00::1",
    "::ffff:10.0.0.1",
    "0.0.0.0",
    "x",
  ])("IN-07 %s is not public", (address) => expect(isPublicAddress(address)).toBe(false));

  it("IN-07 a name with one private address among public ones is refused, and the checked addresses are those connected to", () => {
    const resolved = (addresses: string[]) =>
      ((_name: string, _options: object, callback: (...args: unknown[]) => void) =>
        callback(
          null,
          addresses.map((address) => ({ address, family: 4 })),
        )) as never;
    const outcome = (addresses: string[]) => {
      const callback = vi.fn();
      checkedLookup(isPublicAddress, resolved(addresses))("openapi.alipay.com", { all: true }, callback);
      return callback.mock.calls[0];
    };

    expect(outcome(["203.205.1.1", "10.0.0.7"])?.[0]).toBeInstanceOf(Error);
    expect(outcome([])?.[0]).toBeInstanceOf(Error);
    expect(outcome(["110.75.139.5"])).toEqual([null, [{ address: "110.75.139.5", family: 4 }]]);
  });
});

describe("circuit breaker", () => {
  it("IDEM-08 opens after five failures in a row, for that tenant and provider only, and closes again after one success", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    let seen = 0;
    let status = 502;
    const url = await serve((_request, response) => {
      seen++;
      response.writeHead(status).end();
    });
    const mine = requestTo(url, { breakerKey: "tenant-a:alipay" });
    for (let i = 0; i < 5; i++) expect((await send(mine)).status).toBe(502);

    expect(await failureOf(send(mine))).toMatchObject({ kind: "unavailable", code: "circuit_open" });
    expect(seen).toBe(5);
    expect((await send({ ...mine, breakerKey: "tenant-b:alipay" })).status).toBe(502);

    status = 200;
    vi.setSystemTime(Date.now() + 11_000);
    expect((await send(mine)).status).toBe(200);
    expect((await send(mine)).status).toBe(200);
  });

  it("IDEM-08 lets one trial through and answers the others at once", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const waiting: (() => void)[] = [];
    let broken = true;
    const url = await serve((_request, response) => {
      if (broken) response.writeHead(500).end();
      else waiting.push(() => response.end("ok"));
    });
    const mine = requestTo(url);
    for (let i = 0; i < 5; i++) await send(mine);
    broken = false;
    vi.setSystemTime(Date.now() + 11_000);

    const trial = send(mine);
    expect(await failureOf(send(mine))).toMatchObject({ code: "circuit_open" });
    await vi.waitFor(() => expect(waiting).toHaveLength(1));
    waiting[0]?.();

    expect((await trial).status).toBe(200);
  });
});

describe("retrying", () => {
  const unavailable = new ProviderError("unavailable", "connection_refused", "");
  const unknown = new ProviderError("unknown", "connection_lost", "");

  it("IDEM-08 tries again only for the kinds it was given, and a bounded number of times", async () => {
    const always = (error: Error) => vi.fn(async () => Promise.reject(error));
    const calls = [always(unavailable), always(unknown), always(new ProviderError("declined", "ACQ.X", "")), always(new Error("bug"))];

    for (const call of calls) await retrying({ totalMs: 5_000, attempts: 3, baseMs: 1, on: ["unavailable"] }, call).catch(() => {});

    expect(calls.map((call) => call.mock.calls.length)).toEqual([3, 1, 1, 1]);
  });

  it("IDEM-08 does not outlive its total deadline", async () => {
    const call = vi.fn(async (_deadlineMs: number) => Promise.reject(unavailable));

    await expect(retrying({ totalMs: 50, attempts: 10, baseMs: 10_000, on: ["unavailable"] }, call)).rejects.toBe(unavailable);

    expect(call).toHaveBeenCalledTimes(1);
    expect(call.mock.calls[0]?.[0]).toBeLessThanOrEqual(50);
  });

  it("answers what a later try answered", async () => {
    const call = vi.fn<() => Promise<string>>().mockRejectedValueOnce(unknown).mockResolvedValueOnce("fine");

    expect(await retrying({ totalMs: 5_000, baseMs: 1, on: ["unknown"] }, call)).toBe("fine");
  });
});
