import type { z } from "zod";
import { beginTrade } from "../alipay/trade";
import { act, BuyerRefusal, type Target } from "../buyer";
import type { Notifier } from "../notify/notifier";
import { type TradeName, targetsNamed } from "../target";
import { endRefund } from "../wechat/refunds";
import type { World } from "../world";
import { ControlRefusal } from "./refusal";
import type { PayInput, PayOutput, RefundInput, RefundView, ScanInput, SeenTrade } from "./types";
import { deliveryView, refundView, seenTrade } from "./views";

/** The one trade that fits. */
function theTarget(world: World, name: TradeName): Target {
  const [target, ...others] = targetsNamed(world, name);
  if (!target) throw new ControlRefusal(404, "not_found", "no such trade at the simulator");
  if (others.length > 0) throw new ControlRefusal(409, "ambiguous", "several trades have this number: name provider and account");
  return target;
}

/** A code that is over scans as an error, as on a phone. */
function checkDoor(world: World, name: TradeName, target: Target): void {
  if (name.code === undefined) return;
  const facts = target.provider === "alipay" ? target.trade : target.order;
  const door = world.state.doors.get(facts.door);
  if (door && world.now() >= door.expiresAt) throw new ControlRefusal(409, "code_expired", "this code is over");
}

export function scan(world: World, input: z.infer<typeof ScanInput>): SeenTrade {
  const target = theTarget(world, input);
  checkDoor(world, input, target);
  if (target.provider === "alipay") beginTrade(world, target.trade);
  return seenTrade(world, target);
}

export async function pay(world: World, notifier: Notifier, input: z.infer<typeof PayInput>): Promise<PayOutput> {
  const target = theTarget(world, input);
  if (!input.force) checkDoor(world, input, target);
  try {
    const { result, delivery } = act(world, target, input);
    if (input.wait && delivery && delivery.attempts.length === 0) await notifier.deliver(delivery);
    return { result, trade: seenTrade(world, target), delivery: delivery && deliveryView(delivery) };
  } catch (error) {
    if (error instanceof BuyerRefusal) throw new ControlRefusal(409, error.word, error.message);
    throw error;
  }
}

const STATES = { success: "SUCCESS", abnormal: "ABNORMAL", closed: "CLOSED" } as const;

export function decideRefund(world: World, input: z.infer<typeof RefundInput>): RefundView {
  const fitting = [...world.state.wechat.refunds.values()].filter(
    (refund) => refund.outRefundNo === input.outRefundNo && (input.mchid === undefined || refund.mchid === input.mchid),
  );
  const [refund] = fitting;
  if (!refund) throw new ControlRefusal(404, "not_found", "no such refund at the simulator");
  if (fitting.length > 1) throw new ControlRefusal(409, "ambiguous", "several merchants have this refund number: name the mchid");
  if (refund.state !== "PROCESSING") throw new ControlRefusal(409, "not_processing", `the refund is ${refund.state}`);
  endRefund(world, refund, STATES[input.outcome]);
  return refundView(refund);
}
