import { endsWithin } from "~/lib/ends-within";
import { seconds } from "~/lib/time";
import { FanOut, LIVE_CHANNEL, type LiveBus } from "./live";
import type { Logger } from "./logger";
import { openImpatientRedis } from "./redis";

/** A start does not wait longer for Redis: without it screens are slower, but callbacks are taken. */
const START_WITHIN_MS = seconds(2);
/** How often the line is tried; and while nothing is heard, how often listeners are told to fetch everything again. */
const BEAT_MS = seconds(5);

/**
 * Fan-out over Redis, which may be away at any time, also at the start. While it is, listeners learn every few seconds that they
 * may have missed something: live screens turn into ones that ask now and then.
 */
export async function redisLive(url: string, log: Logger): Promise<LiveBus> {
  const bus = new FanOut(log);
  const publisher = openImpatientRedis(url, log);
  // We subscribe ourselves, to tell of a gap once we hear again and not before.
  const subscriber = openImpatientRedis(url, log, { autoResubscribe: false });
  let hearing = false;

  const begin = async () => {
    await subscriber.subscribe(LIVE_CHANNEL);
    hearing = true;
    bus.gap();
  };
  const beat = async () => {
    if (hearing) await subscriber.ping();
    else bus.gap();
  };
  // A line on which no answer comes is dropped, and another one is opened.
  const startAnew = () => subscriber.disconnect(true);
  const firstHeard = new Promise<void>((resolve) => {
    subscriber.on("ready", () => void begin().then(resolve, startAnew));
  });
  subscriber.on("close", () => {
    hearing = false;
  });
  subscriber.on("message", (_channel, payload) => bus.receive(payload));
  const timer = setInterval(() => void beat().catch(startAnew), BEAT_MS);

  bus.carrier = {
    send: (payload) => publisher.publish(LIVE_CHANNEL, payload),
    async close() {
      clearInterval(timer);
      subscriber.disconnect();
      publisher.disconnect();
    },
  };
  await endsWithin(START_WITHIN_MS, firstHeard);
  return bus;
}
