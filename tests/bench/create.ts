import { type generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { promisify } from "node:util";
import { newId } from "~/lib/id";
import { fen } from "~/lib/money";
import { readConfig } from "~/server/config";
import type { AlipayChannel, WechatChannel } from "~/server/providers/port";
import { tradeProvider } from "~/server/providers/registry";
import { jsapiParams } from "~/server/providers/wechat/sign";
import { loadProviderChannel } from "~/server/services/channel";
import { createSystem } from "~/server/system";
import { openShop } from "./support/callback-shop";
import { median, say } from "./support/figures";

/** Page-pay addresses and JSAPI parameters per second, beside bare signing in the thread pool of texts as long. Interleaved, medians. */
export const name = "create: signing what the buyer is handed";

const PER_ROUND = 4_000;
const ROUNDS = 5;
/** Enough to keep the pool's four threads busy, and no more to wait for. */
const IN_FLIGHT = 16;
const MUST_SHARE = 0.7;
const AIM_SHARE = 0.9;

const signAsync = promisify(sign) as (
  algorithm: string,
  data: Buffer,
  key: ReturnType<typeof generateKeyPairSync>["privateKey"],
) => Promise<Buffer>;

type Round = { perSecond: number; stallMs: number };

export async function run(): Promise<boolean> {
  const sys = await createSystem(readConfig(), "bench");
  const shop = await openShop(sys);
  const alipay = (await loadProviderChannel(shop.ctx, shop.alipay)) as AlipayChannel;
  const wechat = (await loadProviderChannel(shop.ctx, shop.wechat)) as WechatChannel;
  const now = () => new Date();
  const expiresAt = new Date(Date.now() + 1_800_000);

  const pageUrl = () =>
    tradeProvider(alipay).create(
      alipay,
      {
        method: "alipay_pc",
        outTradeNo: newId("transaction"),
        amount: fen(8_800n),
        subject: "产线改造 第二期尾款",
        body: null,
        expiresAt,
        returnUrl: "https://pay.example.com/checkout/x",
      },
      { now },
    );
  const jsapi = () => jsapiParams(wechat, `wx${randomBytes(16).toString("hex")}`, new Date());
  const urlText = Buffer.from("x".repeat(new URL(((await pageUrl()) as { url: string }).url).search.length));
  const jsapiText = Buffer.from("x".repeat(120));

  const first = await compare("page-pay URL", pageUrl, () => signAsync("RSA-SHA256", urlText, alipay.privateKey));
  const second = await compare("JSAPI parameters", jsapi, () => signAsync("RSA-SHA256", jsapiText, wechat.privateKey));
  await sys.close();
  return first && second;
}

async function compare(what: string, ours: () => Promise<unknown>, bare: () => Promise<unknown>): Promise<boolean> {
  const our: Round[] = [];
  const their: Round[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const a = await volley(ours);
    const b = await volley(bare);
    if (round === 0) continue;
    our.push(a);
    their.push(b);
  }
  const of = (rounds: Round[], pick: (round: Round) => number) => median(rounds.map(pick));
  const share = of(our, (r) => r.perSecond) / of(their, (r) => r.perSecond);
  say(
    what,
    `${Math.round(of(our, (r) => r.perSecond))}/s of ${Math.round(of(their, (r) => r.perSecond))}/s`,
    `${share.toFixed(2)} of bare signing (must ${MUST_SHARE}, aim ${AIM_SHARE})`,
    share >= MUST_SHARE,
  );
  say(
    "  event loop delay p99",
    `${of(our, (r) => r.stallMs).toFixed(2)} ms`,
    `bare signing ${of(their, (r) => r.stallMs).toFixed(2)} ms`,
    null,
  );
  return share >= MUST_SHARE;
}

async function volley(call: () => Promise<unknown>): Promise<Round> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  let left = PER_ROUND;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      while (left-- > 0) await call();
    }),
  );
  const seconds = (performance.now() - began) / 1_000;
  delay.disable();
  return { perSecond: PER_ROUND / seconds, stallMs: delay.percentile(99) / 1e6 };
}
