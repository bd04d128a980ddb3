import { createServer } from "node:http";
import { registerAlipay, registerWechat } from "~/cli/demo/register-at-simulator";
import type { Method } from "~/domain/provider";
import { FileClock } from "~/lib/clock-file";
import { type Id, randomBase32 } from "~/lib/id";
import { fen } from "~/lib/money";
import type { Ctx } from "~/server/context";
import { createMetrics } from "~/server/metrics";
import { claimDue } from "~/server/outbox/claim";
import { createChannel, moveChannel } from "~/server/services/channel";
import { createPayment, startAttempt } from "~/server/services/payment";
import { callbackAddress } from "~/server/web/callback";
import { handleCallback } from "~/server/web/callbacks";
import { openExchange } from "~/server/web/exchange";
import type {
  FacetofaceBatchView,
  FaultInput,
  JournalOutput,
  MessageInput,
  MessageOutput,
  PayInput,
  PayOutput,
  StatementsInput,
  StatementView,
  StateView,
  TradeView,
} from "~/simulator/control/types";
import { handlers } from "~worker/handlers";
import { jobRunner } from "~worker/run-job";
import { findFreePort } from "./ports";
import { createTestDatabase, type TestDatabase } from "./postgres";
import { startSimulator } from "./simulator";
import { newTenant, openTestSystem } from "./system";

export type Till = Awaited<ReturnType<typeof openTill>>;

/**
 * A whole till for tests: a database of its own, the simulator as a process, the real callback edge on a port, and one tenant with
 * an Alipay and a WeChat Pay channel. Jobs run when told. `afterAll(() => till.close())`.
 */
export async function openTill() {
  const database: TestDatabase = await createTestDatabase();
  const simulator = await startSimulator();
  const port = await findFreePort();
  const appUrl = `http://127.0.0.1:${port}`;
  const sys = await openTestSystem(database.appUrl, {
    TEST_CLOCK: "1",
    DATA_DIR: simulator.dataDir,
    APP_URL: appUrl,
    SIMULATOR_URL: simulator.url,
  });
  const metrics = createMetrics(sys);
  const server = createServer((req, res) => {
    const exchange = openExchange(sys.config, req, res);
    const address = callbackAddress(exchange.path);
    if (address) void handleCallback(sys, metrics, exchange, address);
    else res.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));

  const clock = new FileClock(simulator.dataDir);
  const ctx = await newTenant(sys);
  const { run } = jobRunner(sys, handlers, "test");

  const control = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await fetch(`${simulator.url}/control/${path}`, {
      method,
      headers: { "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const json = (await answer.json()) as T;
    if (!answer.ok) throw new Error(`control ${path}: HTTP ${answer.status} ${JSON.stringify(json)}`);
    return json;
  };

  const till = {
    sys,
    ctx,
    database,
    simulator,
    clock,
    appUrl,
    /** A new enabled channel of `owner`, registered at the simulator; another app of the same merchant where one is named. */
    async channel(owner: Ctx, provider: "alipay" | "wechat", sellerId?: string): Promise<Id<"channel">> {
      const input =
        provider === "alipay"
          ? await registerAlipay(simulator.url, { name: "支付宝", keyMode: "public_key", sellerId })
          : await registerWechat(simulator.url, { name: "微信支付" });
      const { channelId } = await createChannel(owner, input);
      await moveChannel(owner, channelId, "enable");
      return channelId;
    },
    /** A payment of 88.00 yuan unless told otherwise. */
    async payment(options: { amountFen?: bigint; channelId?: Id<"channel">; owner?: Ctx; expiresAt?: Date } = {}) {
      const created = await createPayment(options.owner ?? ctx, {
        orderNo: `SO${randomBase32(12)}`,
        subject: "产线改造 第二期尾款",
        amountFen: fen(options.amountFen ?? 8_800n),
        channelId: options.channelId ?? null,
        expiresAt: options.expiresAt,
      });
      return created.payment;
    },
    attempt: (paymentId: Id<"payment">, method: Method, owner: Ctx = ctx) =>
      startAttempt(owner, {
        paymentId,
        method,
        clientIp: "127.0.0.1",
        openid: method === "wechat_jsapi" ? `o${randomBase32(27)}` : undefined,
      }),
    /** The buyer pays at the simulator; answers after the first delivery of the callback was tried. */
    pay: (input: PayInput) => control<PayOutput>("POST", "pay", { wait: true, ...input }),
    scan: (outTradeNo: string) => control<TradeView>("POST", "scan", { outTradeNo }),
    message: (input: MessageInput) => control<MessageOutput>("POST", "messages", input),
    faults: (faults: Record<string, FaultInput>) => control("PUT", "faults", faults),
    /** What a day's statement will say, with differences planted. */
    statements: (input: StatementsInput) => control<StatementView>("POST", "statements", input),
    state: () => control<StateView>("GET", "state"),
    deliverAll: () => control("POST", "deliveries/run", { all: true }),
    /** What Alipay's reviewer, the merchant or time does to an application for face-to-face payment. */
    review: (act: "hold" | "approve" | "reject" | "confirm" | "refuse" | "expire", batchNo: string, reason?: string) =>
      control<FacetofaceBatchView>("POST", `facetoface/${act}`, { batchNo, reason }),
    journal: (after = 0) => control<JournalOutput>("GET", `journal?after=${after}&limit=2000`),
    /** Runs what is due until nothing is due, as the worker would, one after the other. */
    async work(rounds = 20): Promise<void> {
      for (let round = 0; round < rounds; round += 1) {
        const due = await claimDue(sys);
        if (due.length === 0) return;
        for (const row of due) await run(row);
      }
    },
    /** Moves the clock of platform and simulator together. */
    advance(ms: number): void {
      clock.advance(ms);
    },
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await sys.close();
      await simulator.stop();
      await database.drop();
    },
  };
  return till;
}
