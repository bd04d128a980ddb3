import { createServer, type IncomingHttpHeaders, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Method } from "~/domain/provider";
import type { Id } from "~/lib/id";
import type { Ctx } from "~/server/context";
import { channel, channelAddress } from "~/server/db/schema";
import { forgetChannel } from "~/server/services/channel";
import { booksOf, messagesOf } from "~tests/support/books";
import { newTenant } from "~tests/support/system";
import { openTill, type Till } from "~tests/support/till";
import { callbackRoute } from "./callback-route";
import { REFUSED_PER_MINUTE, Strangers } from "./strangers";

type Message = { headers: IncomingHttpHeaders; body: Buffer };

let till: Till;
let mailbox: Server;
let arrived: ((message: Message) => void) | null = null;
beforeAll(async () => {
  till = await openTill();
  // Messages are caught here as the simulator sends them, to be delivered by hand.
  mailbox = createServer(async (req, res) => {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    res.end("success");
    arrived?.({ headers: req.headers, body: Buffer.concat(chunks) });
  });
  await new Promise<void>((resolve) => mailbox.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
  mailbox.close();
  await till.close();
});

/** A paid trade whose callback was lost, and its signed message in our hands. */
async function signed(method: Method) {
  const ctx = await newTenant(till.sys);
  const channelId = await till.channel(ctx, method.startsWith("alipay") ? "alipay" : "wechat");
  const owed = await till.payment({ owner: ctx });
  const { transaction } = await till.attempt(owed.id, method, ctx);
  const notify = method.startsWith("alipay") ? "notify.alipay" : "notify.wechat";
  await till.faults({ [notify]: { kind: "drop" } });
  await till.pay({ outTradeNo: transaction.outTradeNo });
  await till.faults({});
  const caught = new Promise<Message>((resolve) => {
    arrived = resolve;
  });
  await till.message({
    provider: method.startsWith("alipay") ? "alipay" : "wechat",
    outTradeNo: transaction.outTradeNo,
    channelNotifyUrl: `http://127.0.0.1:${(mailbox.address() as AddressInfo).port}/`,
  });
  const message = await caught;
  const provider = method.startsWith("alipay") ? "alipay" : "wechat";
  return { ctx, channelId, owed, message, path: `/api/payment/${provider}/notify/${channelId}` };
}

type Sent = { status: number; body: string; headers: IncomingHttpHeaders };

function post(
  path: string,
  { headers, body }: { headers: Record<string, string | string[] | undefined>; body: Buffer | string },
  method = "POST",
): Promise<Sent> {
  const kept = Object.fromEntries(
    Object.entries(headers).filter(
      ([name, value]) => value !== undefined && !["host", "connection", "content-length", "transfer-encoding"].includes(name),
    ),
  ) as Record<string, string | string[]>;
  return new Promise((resolve, reject) => {
    const req = request(`${till.appUrl}${path}`, { method, headers: { ...kept, "content-length": Buffer.byteLength(body) } }, (res) => {
      let text = "";
      res.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      res.on("end", () => resolve({ status: res.statusCode ?? 0, body: text, headers: res.headers }));
    });
    req.on("error", reject);
    req.end(body);
  });
}

const changed = (body: Buffer, from: string, to: string): Buffer => {
  const text = body.toString("latin1");
  if (!text.includes(from)) throw new Error(`nothing to change: ${from}`);
  return Buffer.from(text.replace(from, to), "latin1");
};

describe("CB-09 answers on the wire", () => {
  it("CB-09 Alipay reads the bare word success with 200, also for a duplicate", async () => {
    const { ctx, owed, message, path } = await signed("alipay_qr");

    const first = await post(path, message);
    const again = await post(path, message);

    expect([first.status, first.body]).toEqual([200, "success"]);
    expect([again.status, again.body]).toEqual([200, "success"]);
    expect(first.headers["content-type"]).toBe("text/plain; charset=utf-8");
    expect(await booksOf(ctx, owed.id)).toMatchObject({ status: "paid", clearing: 8_800n, orders: -8_800n });
    expect(await messagesOf(ctx)).toHaveLength(1);
  });

  it("CB-09 WeChat Pay reads 204 and nothing else, also for a duplicate", async () => {
    const { ctx, owed, message, path } = await signed("wechat_native");

    const first = await post(path, message);
    const again = await post(path, message);

    expect([first.status, first.body]).toEqual([204, ""]);
    expect([again.status, again.body]).toEqual([204, ""]);
    expect(await booksOf(ctx, owed.id)).toMatchObject({ status: "paid" });
  });

  it("CB-09 what does not verify is fail with 400 to Alipay, 401 with code and message to WeChat Pay, and changes nothing", async () => {
    const alipay = await signed("alipay_qr");
    const wechat = await signed("wechat_native");

    const forged = await post(alipay.path, { ...alipay.message, body: changed(alipay.message.body, "88.00", "0.01") });
    const resigned = await post(wechat.path, { ...wechat.message, headers: { ...wechat.message.headers, "wechatpay-nonce": "another" } });

    expect([forged.status, forged.body]).toEqual([400, "fail"]);
    expect(resigned.status).toBe(401);
    expect(JSON.parse(resigned.body)).toEqual({ code: "FAIL", message: "signature not accepted" });
    for (const { ctx, owed } of [alipay, wechat]) {
      expect(await booksOf(ctx, owed.id)).toMatchObject({ status: "pending", clearing: 0n });
      expect((await messagesOf(ctx)).map(({ state }) => state)).toEqual(["refused"]);
    }
  });

  it("CB-03 CB-09 a message that is valid for another tenant's channel is refused at ours", async () => {
    const [mine, theirs] = [await signed("wechat_native"), await signed("wechat_native")];

    expect((await post(mine.path, theirs.message)).status).toBe(401);
    expect(await booksOf(theirs.ctx, theirs.owed.id)).toMatchObject({ status: "pending" });
  });

  it("CB-09 an address that leads nowhere, and one that names the other provider, are 404", async () => {
    const { message, channelId } = await signed("alipay_qr");

    const absent = await post("/api/payment/alipay/notify/chn_00000000000000000000000000", message);
    const crossed = await post(`/api/payment/wechat/notify/${channelId}`, { headers: { "content-type": "application/json" }, body: "{}" });

    expect([absent.status, absent.body]).toEqual([404, "fail"]);
    expect([crossed.status, JSON.parse(crossed.body)]).toEqual([404, { code: "FAIL", message: "no such address" }]);
  });

  it("CB-08 what cannot be stored is never confirmed", async () => {
    const { ctx, owed, message, path } = await signed("alipay_qr");
    const owner = postgres(till.database.ownerUrl, { max: 1, onnotice: () => {} });

    await owner`revoke insert on app.notification from app_user`;
    const lost = await post(path, message);
    await owner`grant insert on app.notification to app_user`;
    await owner.end();

    expect([lost.status, lost.body]).toEqual([500, "fail"]);
    const again = await post(path, message);
    expect([again.status, again.body]).toEqual([200, "success"]);
    expect(await booksOf(ctx, owed.id)).toMatchObject({ status: "paid" });
  });
});

describe("CB-01 what is not even looked at", () => {
  it("CB-01 POST only, the documented content type, not packed", async () => {
    const alipay = await signed("alipay_qr");
    const wechat = await signed("wechat_native");

    for (const method of ["GET", "HEAD", "PUT"]) expect((await post(alipay.path, { headers: {}, body: "" }, method)).status).toBe(405);
    const asJson = await post(alipay.path, {
      ...alipay.message,
      headers: { ...alipay.message.headers, "content-type": "application/json" },
    });
    const asForm = await post(wechat.path, { ...wechat.message, headers: { ...wechat.message.headers, "content-type": "text/plain" } });
    const packed = await post(wechat.path, { ...wechat.message, headers: { ...wechat.message.headers, "content-encoding": "gzip" } });

    expect([asJson.status, asForm.status, packed.status]).toEqual([415, 415, 415]);
    expect(await messagesOf(alipay.ctx)).toEqual([]);
  });

  it("CB-01 a body above 64 KiB is refused while it arrives, announced or not", async () => {
    const { ctx, path, message } = await signed("alipay_qr");
    const large = Buffer.alloc(65_537, "a");

    const announced = await post(path, { ...message, body: large });
    const streamed = await new Promise<number>((resolve, reject) => {
      const req = request(
        `${till.appUrl}${path}`,
        { method: "POST", headers: { "content-type": "application/x-www-form-urlencoded" } },
        (res) => {
          resolve(res.statusCode ?? 0);
          res.resume();
          req.destroy();
        },
      );
      // The server stops listening in the middle: what it says is what counts.
      req.on("error", (error: NodeJS.ErrnoException) =>
        error.code === "EPIPE" || error.code === "ECONNRESET" ? undefined : reject(error),
      );
      req.write(large.subarray(0, 40_000));
      req.write(large.subarray(0, 40_000));
    });

    expect([announced.status, announced.body, announced.headers.connection]).toEqual([413, "fail", "close"]);
    expect(streamed).toBe(413);
    expect(await messagesOf(ctx)).toEqual([]);
  });

  it("CB-04 a signature header that came twice is no signature", async () => {
    const { message, path, ctx } = await signed("wechat_native");
    const twice = [String(message.headers["wechatpay-signature"]), "x"];

    const answer = await post(path, { ...message, headers: { ...message.headers, "wechatpay-signature": twice } });

    expect(answer.status).toBe(401);
    expect((await messagesOf(ctx)).map(({ state }) => state)).toEqual(["refused"]);
  });
});

describe("plain next start", () => {
  it("answers the same through Next's route handlers", async () => {
    const { owed, ctx, message, channelId } = await signed("alipay_qr");
    (globalThis as { xjzSystem?: unknown }).xjzSystem = Promise.resolve(till.sys);
    const POST = callbackRoute("alipay");
    const call = async (target: string, body: Buffer, type = String(message.headers["content-type"])) => {
      const request = new Request(`${till.appUrl}/x`, { method: "POST", headers: { "content-type": type }, body: new Uint8Array(body) });
      const answer = await POST(request, { params: Promise.resolve({ channelId: target }) });
      return [answer.status, await answer.text()];
    };

    expect(await call(channelId, message.body, "application/json")).toEqual([415, "fail"]);
    expect(await call(channelId, Buffer.alloc(70_000))).toEqual([413, "fail"]);
    expect(await call("chn_00000000000000000000000000", message.body)).toEqual([404, "fail"]);
    expect(await call(channelId, message.body)).toEqual([200, "success"]);
    expect(await booksOf(ctx, owed.id)).toMatchObject({ status: "paid" });
  });
});

describe("the four shared addresses", () => {
  /** Names somebody else's app in a channel of one's own, with one's own key. */
  async function squat(victim: Id<"channel">): Promise<Ctx> {
    const ctx = await newTenant(till.sys);
    const own = await till.channel(ctx, "alipay");
    const [address] = await till.sys.db.orm.select().from(channelAddress);
    const appId =
      (await till.sys.db.orm.select().from(channelAddress)).find((row) => row.channelId === victim)?.appId ?? address?.appId ?? "";
    await till.sys.db.sql`update app.channel_address set app_id = ${appId} where channel_id = ${own}`;
    await ctx.transaction((tx) => tx.update(channel).set({ appId }));
    forgetChannel(till.sys, own);
    return ctx;
  }

  it("find the channel by app id, believe its own key alone and apply in its tenant alone", async () => {
    const { ctx, owed, message, channelId } = await signed("alipay_qr");
    const squatter = await squat(channelId);

    for (const word of ["enterprise", "employee", "bill", "voucher"]) {
      const answer = await post(`/api/payment/notification/${word}`, message);
      expect([answer.status, answer.body]).toEqual([200, "success"]);
    }

    expect(await booksOf(ctx, owed.id)).toMatchObject({ status: "paid" });
    expect(await messagesOf(squatter)).toEqual([]);
  });

  it("what nobody's key verifies is shown to nobody when several name the app", async () => {
    const { ctx, message, channelId } = await signed("alipay_qr");
    const squatter = await squat(channelId);

    const answer = await post("/api/payment/notification/bill", { ...message, body: changed(message.body, "88.00", "0.01") });

    expect([answer.status, answer.body]).toEqual([400, "fail"]);
    expect([...(await messagesOf(ctx)), ...(await messagesOf(squatter))]).toEqual([]);
  });

  it("an app that nobody named, or named twice, is no address", async () => {
    const form = { "content-type": "application/x-www-form-urlencoded" };

    for (const body of ["app_id=2021999999999999", "app_id=2021999999999999&app_id=2021999999999998", "", "app_id=x"]) {
      expect((await post("/api/payment/notification/bill", { headers: form, body })).status).toBe(404);
    }
  });
});

describe("RATE-03 strangers", () => {
  it("RATE-03 a source that was refused too often in a minute leaves nothing more behind", () => {
    const strangers = new Strangers();
    for (let index = 0; index < REFUSED_PER_MINUTE; index += 1) strangers.note("192.0.2.1");

    expect(strangers.mayBeStored("192.0.2.1")).toBe(false);
    expect(strangers.mayBeStored("192.0.2.2")).toBe(true);
  });

  it("RATE-03 a verified message gets through from a source that is held back", async () => {
    const noise = await signed("wechat_native");
    const { ctx, owed, message, path } = await signed("alipay_qr");
    const forged = { ...noise.message, headers: { ...noise.message.headers, "wechatpay-nonce": "another" } };

    const answers: number[] = [];
    for (let sent = 0; sent < REFUSED_PER_MINUTE + 20; sent += 20) {
      answers.push(...(await Promise.all(Array.from({ length: 20 }, () => post(noise.path, forged)))).map(({ status }) => status));
    }
    const honest = await post(path, message);

    expect(answers.at(-1)).toBe(429);
    // Those that were under way together when the bound was reached are kept too.
    expect((await messagesOf(noise.ctx)).length).toBeLessThan(REFUSED_PER_MINUTE + 20);
    expect([honest.status, honest.body]).toEqual([200, "success"]);
    expect(await booksOf(ctx, owed.id)).toMatchObject({ status: "paid" });
  });
});
