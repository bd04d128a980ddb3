import { after } from "~/lib/time";
import { refreshBatch } from "./alipay/agent/batch";
import { refreshTrade } from "./alipay/trade";
import { refreshOrder } from "./wechat/order";
import { endRefund, settlesAt } from "./wechat/refunds";
import type { World } from "./world";

/** Doors that nobody can open any more are forgotten this long after they closed. */
const DOOR_KEPT_MS = 86_400_000;

/** What happens by itself as time passes: expiry, the end of the refund window, refunds that arrive, transactions that die. */
export function settleByTime(world: World): void {
  const now = world.now();
  for (const trade of world.state.alipay.trades.values()) refreshTrade(world, trade);
  for (const batch of world.state.agentBatches.values()) refreshBatch(world, batch);
  for (const order of world.state.wechat.orders.values()) refreshOrder(world, order);
  for (const refund of world.state.wechat.refunds.values()) {
    if (refund.state !== "PROCESSING") continue;
    // A clock that jumps a day must not make the refund a day late: a statement says when it arrived.
    const at = settlesAt(refund);
    if (now >= at) endRefund(world, refund, "SUCCESS", at);
  }
  for (const [token, door] of world.state.doors) if (now > after(door.expiresAt, DOOR_KEPT_MS)) world.state.doors.delete(token);
}
