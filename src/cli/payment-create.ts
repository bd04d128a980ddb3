import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { z } from "zod";
import { CreatePayment, idOf } from "~/domain/payment-input";
import { METHODS, type Method } from "~/domain/provider";
import { AppError } from "~/lib/errors";
import { type Id, isId } from "~/lib/id";
import { type Ctx, inTenant } from "~/server/context";
import { type AttemptRequest, createPayment, findFirstAttempt, launchAttempt, prepareAttempt } from "~/server/services/payment";
import { type Command, cliActor, UsageError } from "./command";

/** One line of the file. Amounts are fen, as a number or as text. */
const Line = z.strictObject({
  orderNo: CreatePayment.shape.orderNo,
  subject: CreatePayment.shape.subject,
  amountFen: z.union([z.number().int().safe().transform(BigInt), z.string()]).pipe(CreatePayment.shape.amountFen),
  expiresAt: z.iso
    .datetime({ offset: true })
    .transform((text) => new Date(text))
    .optional(),
  openid: z
    .string()
    .regex(/^[0-9A-Za-z_-]{10,128}$/)
    .optional(),
});

/** Lines in flight together: creating waits for the database and, for codes, for the provider. */
const CONCURRENCY = 8;

const command: Command = {
  name: "payment create",
  summary: "create payments with one attempt each, from lines of JSON; the same line again answers the same",
  options: [
    { name: "tenant", summary: "tenant id", required: true },
    { name: "channel", summary: "channel id", required: true },
    { name: "method", summary: "pc, wap, qr, native, jsapi or h5", required: true },
    { name: "file", summary: "a file with one JSON object per line, - for standard input", required: true },
  ],
  async run(sys, options) {
    const { tenant = "", channel = "", method = "", file = "" } = options;
    if (!isId("tenant", tenant)) throw new UsageError("--tenant is not a tenant's id");
    if (!isId("channel", channel)) throw new UsageError("--channel is not a channel's id");
    const chosen = methodOf(method);
    const ctx = inTenant(sys, tenant, cliActor);
    return { lines: createAll(ctx, idOf("channel").parse(channel), chosen, file) };
  },
};
export default command;

/** `pc` as people say it, or `alipay_pc` as we store it. */
function methodOf(text: string): Method {
  const found = METHODS.find((method) => method === text || method.endsWith(`_${text}`));
  if (!found) throw new UsageError(`--method is none of ${METHODS.map((method) => method.replace(/^[a-z]+_/, "")).join(", ")}`);
  return found;
}

async function* createAll(ctx: Ctx, channelId: Id<"channel">, method: Method, file: string): AsyncIterable<unknown> {
  const source = createInterface({ input: file === "-" ? process.stdin : createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
  let pending: Promise<unknown>[] = [];
  let number = 0;
  for await (const text of source) {
    number += 1;
    if (text.trim() === "") continue;
    pending.push(createOne(ctx, channelId, method, text, number));
    if (pending.length < CONCURRENCY) continue;
    yield* await Promise.all(pending);
    pending = [];
  }
  yield* await Promise.all(pending);
}

async function createOne(ctx: Ctx, channelId: Id<"channel">, method: Method, text: string, number: number): Promise<unknown> {
  const line = readLine(text, number);
  const { openid, ...wanted } = line;
  const { payment, checkoutUrl } = await createPayment(ctx, { ...wanted, channelId });
  const known = await findFirstAttempt(ctx, payment.id, channelId, method);
  const outTradeNo = known?.outTradeNo ?? (await begin(ctx, { paymentId: payment.id, channelId, method, openid }));
  return { orderNo: payment.orderNo, paymentId: payment.id, outTradeNo, amountFen: payment.amountFen, checkoutUrl };
}

/** In-app payment needs the payer, whom only the merchant's own page knows: without one the number is kept and waits. */
async function begin(ctx: Ctx, request: AttemptRequest): Promise<string> {
  const { owed, attempt } = await prepareAttempt(ctx, request);
  const launchable = attempt.status === "created" && (request.method !== "wechat_jsapi" || request.openid !== undefined);
  if (launchable) await launchAttempt(ctx, owed, attempt, { openid: request.openid, clientIp: "127.0.0.1" });
  return attempt.outTradeNo;
}

function readLine(text: string, number: number): z.output<typeof Line> {
  try {
    return Line.parse(JSON.parse(text));
  } catch (error) {
    const issue = error instanceof z.ZodError ? `${error.issues[0]?.path.join(".")}: ${error.issues[0]?.message}` : "not JSON";
    throw new AppError("invalid_input", `line ${number}: ${issue}`, { line: number }, { cause: error });
  }
}
