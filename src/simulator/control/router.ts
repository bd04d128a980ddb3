import { type ZodType, z } from "zod";
import { durationMs } from "~/lib/time";
import { registerAlipay } from "../alipay/account";
import { json, type Reply, type WireRequest } from "../http/wire";
import type { Notifier } from "../notify/notifier";
import { registerWechat, setKeyMode, verificationKeys } from "../wechat/account";
import type { World } from "../world";
import { actOnBatch, deskOf, type FacetofaceAct, listBatches, merchantPage, picture } from "./facetoface";
import { guardControl } from "./guard";
import { rememberHistory } from "./history";
import { pushMessage } from "./messages";
import { decideRefund, pay, scan } from "./pay";
import { ControlRefusal } from "./refusal";
import { lookAtStatement, plantInStatement } from "./statements";
import { stream } from "./stream";
import {
  AccountInput,
  ClockInput,
  FacetofaceInput,
  FaultsInput,
  FaultsPatch,
  HistoryInput,
  KeysInput,
  MessageInput,
  PayInput,
  RefundInput,
  ResetInput,
  RulesInput,
  RunDeliveriesInput,
  ScanInput,
  StatementsInput,
} from "./types";
import { attemptView, clockView, faultsView, stateView } from "./views";

type Desk = { world: World; notifier: Notifier; request: WireRequest };
type Handler = (desk: Desk) => unknown | Promise<unknown>;

/** Input and output of each route are written down in `types.ts`. */
const ROUTES: Readonly<Record<string, Handler>> = {
  "GET /control/state": ({ world }) => stateView(world),
  "GET /control/journal": ({ world, request }) => readJournal(world, request),
  "GET /control/faults": ({ world }) => faultsView(world),
  "GET /control/clock": ({ world }) => clockView(world),
  "POST /control/accounts": ({ world, request }) => register(world, read(request, AccountInput)),
  "POST /control/keys": ({ world, request }) => switchKeys(world, read(request, KeysInput)),
  "POST /control/rules": ({ world, request }) => setRules(world, read(request, RulesInput)),
  "POST /control/scan": ({ world, request }) => scan(world, read(request, ScanInput)),
  "POST /control/pay": ({ world, notifier, request }) => pay(world, notifier, read(request, PayInput)),
  "POST /control/refund": ({ world, request }) => decideRefund(world, read(request, RefundInput)),
  "POST /control/messages": ({ world, request }) => pushMessage(world, read(request, MessageInput)),
  "POST /control/history": ({ world, request }) => rememberHistory(world, read(request, HistoryInput)),
  "GET /control/facetoface": ({ world, request }) => listBatches(world, request.origin),
  "GET /control/facetoface/desk": ({ world, request }) => deskOf(world, request.origin),
  "GET /control/facetoface/merchant": ({ world, request }) => merchantPage(world, request),
  "POST /control/facetoface/hold": actOnFacetoface("hold"),
  "POST /control/facetoface/approve": actOnFacetoface("approve"),
  "POST /control/facetoface/reject": actOnFacetoface("reject"),
  "POST /control/facetoface/confirm": actOnFacetoface("confirm"),
  "POST /control/facetoface/refuse": actOnFacetoface("refuse"),
  "POST /control/facetoface/expire": actOnFacetoface("expire"),
  "GET /control/statements": ({ world, request }) => lookAtStatement(world, request),
  "POST /control/statements": ({ world, request }) => plantInStatement(world, read(request, StatementsInput)),
  "PUT /control/faults": ({ world, request }) => setFaults(world, read(request, FaultsInput), true),
  "PATCH /control/faults": ({ world, request }) => setFaults(world, read(request, FaultsPatch), false),
  "POST /control/clock": ({ world, notifier, request }) => moveClock(world, notifier, read(request, ClockInput)),
  "POST /control/deliveries/run": ({ world, notifier, request }) => runDeliveries(world, notifier, read(request, RunDeliveriesInput)),
  "POST /control/reset": ({ world, request }) => {
    world.reset(read(request, ResetInput).accounts);
    return stateView(world);
  },
};

export async function serveControl(world: World, notifier: Notifier, request: WireRequest): Promise<Reply> {
  try {
    guardControl(request);
    const route = `${request.method} ${request.path}`;
    if (route === "GET /control/stream") return stream(world);
    if (route === "GET /control/facetoface/picture") return picture(world, request);
    const handler = Object.hasOwn(ROUTES, route) ? ROUTES[route] : undefined;
    if (!handler) throw new ControlRefusal(404, "not_found", `no ${route}`);
    const value = await handler({ world, notifier, request });
    if (request.method !== "GET")
      world.note({ kind: "control", what: route, outTradeNo: batchNoOf(value), verdict: "ok", ok: true, httpStatus: 200 });
    return json(200, value);
  } catch (error) {
    if (!(error instanceof ControlRefusal)) throw error;
    world.note({
      kind: "control",
      what: `${request.method} ${request.path}`,
      verdict: error.error,
      ok: false,
      httpStatus: error.status,
      response: error.message,
    });
    return json(error.status, { error: error.error, message: error.message });
  }
}

function actOnFacetoface(act: FacetofaceAct): Handler {
  return ({ world, request }) => actOnBatch(world, request.origin, act, read(request, FacetofaceInput));
}

/** An act on an application stands in the journal under its batch, as the calls about it do. */
const batchNoOf = (value: unknown): string | null =>
  typeof value === "object" && value !== null && "batchNo" in value && typeof value.batchNo === "string" ? value.batchNo : null;

/** An empty body counts as `{}`. */
function read<T>(request: WireRequest, schema: ZodType<T>): T {
  let value: unknown = {};
  try {
    if (request.body.length > 0) value = JSON.parse(request.body.toString("utf8"));
  } catch {
    throw new ControlRefusal(400, "not_json", "the body is not JSON");
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new ControlRefusal(400, "invalid_input", z.prettifyError(parsed.error));
  return parsed.data;
}

function readJournal(world: World, request: WireRequest) {
  const query = new URLSearchParams(request.query);
  const number = (name: string) => (/^\d{1,12}$/.test(query.get(name) ?? "") ? Number(query.get(name)) : null);
  return world.journal.read(number("after"), Math.min(number("limit") ?? 200, 2_000));
}

async function register(world: World, input: AccountInput) {
  try {
    return await (input.provider === "alipay" ? registerAlipay(world, input) : registerWechat(world, input));
  } catch (error) {
    // Only the caller's key can be at fault here, and the message of a failed parse holds no key material.
    throw new ControlRefusal(400, "bad_key", error instanceof Error ? error.message : "the key cannot be read");
  }
}

function merchant(world: World, mchid: string) {
  const account = world.state.wechat.accounts.get(mchid);
  if (!account) throw new ControlRefusal(404, "not_found", "no such merchant at the simulator");
  return account;
}

async function switchKeys(world: World, input: z.infer<typeof KeysInput>) {
  const account = merchant(world, input.mchid);
  await setKeyMode(world, account, input.mode, input.percent);
  return { verificationKeys: verificationKeys(account) };
}

function setRules(world: World, { mchid, ...rules }: z.infer<typeof RulesInput>) {
  const account = merchant(world, mchid);
  Object.assign(account.rules, rules);
  world.changed("account", mchid);
  return account.rules;
}

function setFaults(world: World, input: z.infer<typeof FaultsPatch>, replace: boolean) {
  if (replace) world.faults.clear();
  try {
    for (const [key, fault] of Object.entries(input)) world.faults.set(key, fault);
  } catch (error) {
    throw new ControlRefusal(400, "invalid_input", error instanceof Error ? error.message : "unknown fault");
  }
  world.changed("fault", "all");
  return faultsView(world);
}

async function runDeliveries(world: World, notifier: Notifier, { all, id }: z.infer<typeof RunDeliveriesInput>) {
  if (id === undefined) return { attempts: (await notifier.runDue(all)).map(attemptView) };
  const delivery = world.state.deliveries.find((item) => item.id === id);
  if (!delivery) throw new ControlRefusal(404, "not_found", "no such delivery at the simulator");
  if (delivery.state !== "pending") throw new ControlRefusal(409, "not_pending", `the delivery is ${delivery.state}`);
  const attempt = await notifier.deliver(delivery);
  return { attempts: attempt ? [attemptView(attempt)] : [] };
}

async function moveClock(world: World, notifier: Notifier, input: z.infer<typeof ClockInput>) {
  if (!world.clock) throw new ControlRefusal(409, "clock_fixed", "the clock moves only with TEST_CLOCK=1");
  if ("advance" in input) {
    let ms: number;
    try {
      ms = durationMs(input.advance);
    } catch {
      throw new ControlRefusal(400, "invalid_input", "not a duration: try 90s, 15m, 2h, 3d");
    }
    world.clock.advance(ms);
  } else if ("set" in input) world.clock.set(new Date(input.set));
  else world.clock.reset();
  world.changed("clock", "clock");
  await notifier.runDue();
  return clockView(world);
}
