import { randomLetters } from "../random";
import type { Delivery } from "../state";
import type { World } from "../world";

/** Settled deliveries beyond this many are forgotten, oldest first. */
const KEPT_MAX = 5_000;

/** Puts news on its way: the first attempt is due at once. */
export function enqueue(world: World, news: Pick<Delivery, "provider" | "account" | "outTradeNo" | "what" | "url" | "content">): Delivery {
  const now = world.now();
  const delivery: Delivery = {
    ...news,
    id: `dl${randomLetters(14)}`,
    firstAt: now,
    dueAt: now,
    state: "pending",
    delayed: false,
    attempts: [],
  };
  const { deliveries } = world.state;
  deliveries.push(delivery);
  if (deliveries.length > KEPT_MAX * 1.1) {
    const settled = deliveries.filter((item) => item.state !== "pending").slice(0, deliveries.length - KEPT_MAX);
    const gone = new Set(settled);
    world.state.deliveries = deliveries.filter((item) => !gone.has(item));
  }
  world.changed("delivery", delivery.id);
  world.wake();
  return delivery;
}
