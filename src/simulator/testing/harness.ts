import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import example from "../alipay/fixtures/worked-example.json";
import type {
  AlipayAccountOutput,
  FaultInput,
  JournalOutput,
  MessageInput,
  MessageOutput,
  PayInput,
  PayOutput,
  StateView,
  WechatAccountOutput,
} from "../control/types";
import { randomDigits } from "../random";
import { type Simulator, startSimulator } from "../start";

/** A simulator on a free port with a folder of its own, and its control interface as functions. */
export async function openSimulator(options: { publicUrl?: string } = {}) {
  const dataDir = mkdtempSync(path.join(tmpdir(), "simulator-"));
  let simulator: Simulator = await startSimulator({ port: 0, dataDir, testClock: true, ...options });

  async function control<T>(method: string, route: string, body?: unknown): Promise<T> {
    const answer = await fetch(`${simulator.url}/control/${route}`, {
      method,
      headers: { "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const value = (await answer.json()) as T;
    if (!answer.ok) throw Object.assign(new Error(`${route}: ${JSON.stringify(value)}`), { status: answer.status, ...value });
    return value;
  }

  return {
    get url() {
      return simulator.url;
    },
    dataDir,
    control,
    pay: (input: PayInput) => control<PayOutput>("POST", "pay", input),
    faults: (faults: Record<string, FaultInput>) => control("PUT", "faults", faults),
    message: (input: MessageInput) => control<MessageOutput>("POST", "messages", input),
    advance: (duration: string) => control("POST", "clock", { advance: duration }),
    state: () => control<StateView>("GET", "state"),
    journal: (query = "") => control<JournalOutput>("GET", `journal${query}`),
    /** Stops it as a signal would and starts it again on the same folder. */
    async restart() {
      await simulator.close();
      simulator = await startSimulator({ port: 0, dataDir, testClock: true, ...options });
    },
    async close() {
      await simulator.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
export type TestBench = Awaited<ReturnType<typeof openSimulator>>;

const pem = (kind: "PRIVATE" | "PUBLIC", base64: string) => `-----BEGIN ${kind} KEY-----\n${base64}\n-----END ${kind} KEY-----\n`;
/** One throwaway pair for every merchant of the tests: making keys is the slowest thing that they would do. */
const KEYS = { privateKey: pem("PRIVATE", example.appKey.private_pkcs8_b64), publicKey: pem("PUBLIC", example.appKey.public_spki_b64) };
export const otherKeys = () => {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return {
    privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    publicKey: publicKey.export({ type: "spki", format: "pem" }).toString(),
  };
};

export async function newAlipayApp(bench: TestBench, extra: { aesKey?: string } = {}) {
  const appId = `2021${randomDigits(12)}`;
  const sellerId = `2088${randomDigits(12)}`;
  const ours = await bench.control<AlipayAccountOutput>("POST", "accounts", {
    provider: "alipay",
    appId,
    sellerId,
    appPublicKey: KEYS.publicKey,
    ...extra,
  });
  return { appId, sellerId, ...KEYS, ...ours };
}

export async function newWechatMerchant(bench: TestBench) {
  const mchid = `19${randomDigits(8)}`;
  const appid = `wx${randomBytes(8).toString("hex")}`;
  const serial = randomBytes(20).toString("hex").toUpperCase();
  const apiV3Key = randomBytes(16).toString("hex");
  const { verificationKeys } = await bench.control<WechatAccountOutput>("POST", "accounts", {
    provider: "wechat",
    mchid,
    appid,
    merchantSerial: serial,
    merchantPublicKey: KEYS.publicKey,
    apiV3Key,
  });
  return { mchid, appid, serial, apiV3Key, ...KEYS, verificationKeys };
}

export type Arrival = { headers: http.IncomingHttpHeaders; body: string; at: number };

/** A merchant's notify address that keeps what arrives and answers as told. */
export async function openReceiver(
  say: () => { status: number; body?: string; afterMs?: number } = () => ({ status: 200, body: "success" }),
) {
  const arrivals: Arrival[] = [];
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      arrivals.push({ headers: request.headers, body: Buffer.concat(chunks).toString("latin1"), at: Date.now() });
      const { status, body = "", afterMs = 0 } = say();
      setTimeout(() => response.writeHead(status, status === 302 ? { location: "/elsewhere" } : {}).end(body), afterMs);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/notify`,
    arrivals,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
