import { createPrivateKey, generateKeyPairSync, type KeyObject, sign, verify } from "node:crypto";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import postgres from "postgres";
import { Pool } from "undici";
import { FairGate } from "~/lib/fair-gate";
import type { Id } from "~/lib/id";
import { minutes } from "~/lib/time";
import { readConfig } from "~/server/config";
import type { Ctx } from "~/server/context";
import { closeTransport } from "~/server/providers/transport";
import { createChannel, moveChannel } from "~/server/services/channel";
import { pollFacetoface } from "~/server/services/facetoface";
import { createSystem } from "~/server/system";
import type { BenchContext } from "~tests/support/bench";
import { newTenant } from "~tests/support/system";
import { say } from "./support/figures";
import { playedRole, ready, startRole } from "./support/roles";

/**
 * Ten thousand applications of one app due at once, and a hundred of another that became due last, asked about at a provider that
 * answers after 200 ms. The limit is what so many questions in flight can be answered in that time by anybody; beside it stands what a bare
 * loop reached in the same minutes that signs, asks and verifies, and keeps nothing: on a busy machine it falls short as well.
 */
export const name = "facetoface: asking about 10,000 applications";

const MANY = Number(process.env.BENCH_COUNT ?? 10_000);
const FEW = 100;
const LATENCY_MS = 200;
const JUDGED_IN_FLIGHT = 64;
const MUST_SHARE = 0.9;
/** Questions of the bare loop, before and after each round. */
const BARE = 2_000;
/** The few may take this share of the whole time; behind the many they would take all of it. */
const FEW_MUST_SHARE = 0.1;
const SAMPLE_EVERY_MS = 100;

export async function run(context: BenchContext): Promise<boolean> {
  const sys = await createSystem(readConfig(), "bench");
  const theirs = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const provider = await startRole(import.meta.url, "provider", { PROVIDER_KEY: pem(theirs.privateKey) });
  const superuser = postgres(context.superuserUrl, { max: 1, onnotice: () => {}, database: new URL(context.appUrl).pathname.slice(1) });
  try {
    const ctx = await newTenant(sys);
    const channelOf = (appId: string) => openChannel(ctx, appId, provider.url, pem(theirs.publicKey));
    const [many, few] = [await channelOf("2021000000000001"), await channelOf("2021000000000002")];
    await fill(superuser, ctx, many, few);
    await countStatements(superuser);
    // The first one warms up: connections, prepared statements, compiled code.
    await round(superuser, ctx, few, 64, 500);

    let good = true;
    for (const inFlight of [64, 256]) {
      const before = await bare(provider.url, theirs.publicKey, inFlight);
      const ours = await round(superuser, ctx, few, inFlight, MANY);
      const after = await bare(provider.url, theirs.publicKey, inFlight);
      good = tell(ours, inFlight, (before + after) / 2) && good;
    }
    return good;
  } finally {
    await superuser.end();
    await closeTransport();
    await provider.stop();
    await sys.close();
  }
}

type Round = { asked: number; seconds: number; heapMb: number; rssMb: number; writing: number; claiming: number; fewSeconds: number };

function tell(round: Round, inFlight: number, barePerSecond: number): boolean {
  const isJudged = inFlight === JUDGED_IN_FLIGHT;
  const limit = inFlight / (LATENCY_MS / 1_000);
  const perSecond = round.asked / round.seconds;
  const share = perSecond / limit;
  const perHundred = round.writing / (round.asked / 100);
  const fewShare = round.fewSeconds / round.seconds;
  const verdicts = [share >= MUST_SHARE, perHundred <= 1.05, fewShare <= FEW_MUST_SHARE] as const;
  const mark = (index: 0 | 1 | 2) => (isJudged ? verdicts[index] : null);
  say(
    `${inFlight} in flight`,
    `${Math.round(perSecond * 60)}/min of ${Math.round(limit * 60)}/min`,
    `${share.toFixed(2)} of ${inFlight} ÷ ${LATENCY_MS} ms${isJudged ? ` (must ${MUST_SHARE})` : ""}`,
    mark(0),
  );
  say("  beside the bare loop", `${(perSecond / barePerSecond).toFixed(2)}`, `of its ${Math.round(barePerSecond * 60)}/min`, null);
  say("  statements per hundred results", perHundred.toFixed(2), `and ${round.claiming} that claimed`, mark(1));
  say(
    "  last of the other app's hundred",
    `${round.fewSeconds.toFixed(1)} s of ${round.seconds.toFixed(1)} s`,
    `${fewShare.toFixed(2)} of the time${isJudged ? ` (must ${FEW_MUST_SHARE})` : ""}`,
    mark(2),
  );
  say("  memory at its highest", `heap +${round.heapMb.toFixed(0)} MB`, `resident +${round.rssMb.toFixed(0)} MB`, null);
  return !isJudged || verdicts.every(Boolean);
}

/** Makes so many due, the other app's last, and polls as the worker does until nothing is due. */
async function round(sql: postgres.Sql, ctx: Ctx, few: Id<"channel">, inFlight: number, count: number): Promise<Round> {
  await sql`
    update app.facetoface_order set query_count = 0, last_query_at = null, next_query_at = case
      when channel_id = ${few} then now() - interval '1 second'
      when batch_no <= ${batchNo(count)} then now() - interval '1 hour' else now() + interval '1 day' end
    where tenant_id = ${ctx.tenantId}`;
  await sql`vacuum analyze app.facetoface_order`;
  await sql`truncate bench.statement`;
  globalThis.gc?.();
  const before = process.memoryUsage();
  const high = { heap: 0, rss: 0 };
  const sampling = setInterval(() => {
    const { heapUsed, rss } = process.memoryUsage();
    high.heap = Math.max(high.heap, heapUsed - before.heapUsed);
    high.rss = Math.max(high.rss, rss - before.rss);
  }, SAMPLE_EVERY_MS);
  const pace = { gate: new FairGate({ total: inFlight, perKey: inFlight }), runMs: minutes(1) };
  const startedAt = ctx.now();
  const began = performance.now();
  for (let nextAt: Date | null = startedAt; nextAt && nextAt <= ctx.now(); ) nextAt = await pollFacetoface(ctx, ctx.tenantId, pace);
  const seconds = (performance.now() - began) / 1_000;
  clearInterval(sampling);
  const [sums] = await sql<{ asked: number; few: Date; wrong: number }[]>`
    select sum(query_count)::int as asked, max(last_query_at) filter (where channel_id = ${few}) as few,
           count(*) filter (where query_count > 1 or status <> 'merchant_auditing')::int as wrong
      from app.facetoface_order where tenant_id = ${ctx.tenantId}`;
  const [statements] = await sql<{ writing: number; claiming: number }[]>`
    select count(*) filter (where asked > 0)::int as writing, count(*) filter (where asked = 0)::int as claiming from bench.statement`;
  if (!sums || !statements || sums.asked !== count + FEW || sums.wrong > 0)
    throw new Error(`not each was asked once: ${JSON.stringify(sums)}`);
  const fewSeconds = (sums.few.getTime() + LATENCY_MS - startedAt.getTime()) / 1_000;
  return { ...statements, asked: sums.asked, seconds, fewSeconds, heapMb: high.heap / 2 ** 20, rssMb: high.rss / 2 ** 20 };
}

/** Questions per second of a loop that signs, asks and verifies, with nothing around it. */
async function bare(url: string, theirKey: KeyObject, inFlight: number): Promise<number> {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pool = new Pool(url, { connections: inFlight, pipelining: 1 });
  const headers = { "content-type": "application/x-www-form-urlencoded;charset=utf-8" };
  let left = BARE;
  const ask = async () => {
    while (left-- > 0) {
      const content = JSON.stringify({ batch_no: batchNo(left) });
      const signature = (await signAsync("RSA-SHA256", Buffer.from(SIGNED_TEXT + content), privateKey)).toString("base64");
      const path = `/gateway.do?sign=${encodeURIComponent(signature)}`;
      const { body } = await pool.request({ method: "POST", path, headers, body: `biz_content=${encodeURIComponent(content)}` });
      const text = await body.text();
      const node = text.slice(text.indexOf(":") + 1, text.lastIndexOf(',"sign"'));
      const { sign: theirs } = JSON.parse(text) as { sign: string };
      if (!verify("RSA-SHA256", Buffer.from(node), theirKey, Buffer.from(theirs, "base64"))) throw new Error("a bad signature");
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: inFlight }, ask));
  const seconds = (performance.now() - began) / 1_000;
  await pool.close();
  return BARE / seconds;
}

/** As long as what is signed for a real question. */
const SIGNED_TEXT = "x".repeat(230);
const signAsync = promisify(sign) as (algorithm: string, data: Buffer, key: KeyObject) => Promise<Buffer>;

/** Counts the statements that update applications, and how many answers each wrote down. */
async function countStatements(sql: postgres.Sql): Promise<void> {
  await sql.unsafe(`
    create schema bench;
    create table bench.statement (asked int not null);
    create function bench.count_statement() returns trigger language plpgsql security definer as $$
    begin
      insert into bench.statement
        select count(*) filter (where n.query_count > o.query_count) from new_rows n join old_rows o on o.tenant_id = n.tenant_id and o.id = n.id
        having count(*) > 0;
      return null;
    end $$;
    create trigger count_statement after update on app.facetoface_order
      referencing old table as old_rows new table as new_rows for each statement execute function bench.count_statement();`);
}

async function openChannel(ctx: Ctx, appId: string, url: string, alipayPublicKey: string): Promise<Id<"channel">> {
  const own = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const { channelId } = await createChannel(ctx, {
    provider: "alipay",
    name: appId,
    environment: "simulator",
    appId,
    sellerId: "2088000000000001",
    gateway: `${url}/gateway.do`,
    privateKey: pem(own.privateKey),
    alipayPublicKey,
  });
  await moveChannel(ctx, channelId, "enable");
  return channelId;
}

const pem = (key: KeyObject): string => key.export({ type: key.type === "private" ? "pkcs8" : "spki", format: "pem" }) as string;
const batchNo = (index: number): string => `2026${String(index).padStart(20, "0")}`;

/** All in review, as Alipay has said before. */
async function fill(sql: postgres.Sql, ctx: Ctx, many: Id<"channel">, few: Id<"channel">): Promise<void> {
  await sql`
    insert into app.facetoface_order (tenant_id, id, channel_id, status, step, batch_no, order_no, merchant_name, shop_name, shop_address, mcc_code, rate,
        sign_and_auth, person_sealed, masked, license_long_term, provider_state, merchant_pid, products, submitted_at, created_by, created_at, updated_at)
    select ${ctx.tenantId}, 'f2f_' || lpad(n::text, 26, '0'), case when n > ${MANY} then ${few} else ${many} end, 'merchant_auditing', 'confirmed',
           '2026' || lpad(n::text, 20, '0'), '2026' || lpad(n::text, 20, '0'), '晓静便利店', '晓静便利店（虹桥店）', '{}', 'A0001_B0003', '0.38',
           true, decode(repeat('00', 200), 'hex'), '{}', true, ${ANSWER.order_status}, ${ANSWER.merchant_pid}, ${sql.json(PRODUCTS)},
           now() - interval '5 hours', 'bench', now() - interval '5 hours', now()
      from generate_series(1, ${MANY + FEW}) n`;
}

const PRODUCTS = [{ code: "FACE_TO_FACE_PAYMENT", name: "当面付", status: "audit", rejectReason: null }];
const ANSWER = {
  code: "10000",
  msg: "Success",
  order_status: "MERCHANT_AUDITING",
  merchant_pid: "2088000000000009",
  product_agent_status_infos: [{ product_code: "FACE_TO_FACE_PAYMENT", product_name: "当面付", status: "audit" }],
};

/** The provider: the same state for every batch, signed as Alipay signs, 200 ms after the question. */
async function provide(): Promise<void> {
  const key = createPrivateKey(process.env.PROVIDER_KEY ?? "");
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", async () => {
      const waited = sleep(LATENCY_MS);
      const content = JSON.parse(new URLSearchParams(Buffer.concat(chunks).toString("utf8")).get("biz_content") ?? "{}");
      const node = JSON.stringify({ ...ANSWER, order_no: content.batch_no });
      const signature = (await signAsync("RSA-SHA256", Buffer.from(node), key)).toString("base64");
      await waited;
      response.writeHead(200, { "content-type": "text/html;charset=utf-8" });
      response.end(`{"alipay_open_agent_order_query_response":${node},"sign":"${signature}"}`);
    });
  });
  server.listen(0, "127.0.0.1", () => ready((server.address() as { port: number }).port));
}

if (playedRole() === "provider") void provide();
