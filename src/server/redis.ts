import { Redis, type RedisOptions } from "ioredis";
import { seconds } from "~/lib/time";
import type { Logger } from "./logger";

/** A server that is asked something and says nothing for so long is left; longer than any blocking command waits. */
const SILENCE_MAX_MS = seconds(15);
const ANSWER_WITHIN_MS = seconds(2);
const CONNECT_WITHIN_MS = seconds(5);
const COME_BACK_FIRST_MS = 50;
const COME_BACK_MAX_MS = seconds(1);

/**
 * Opens a connection that comes back by itself for as long as it takes, whether or not Redis answers now. It tells the log when an
 * outage begins and when it ends, and is quiet between. What is asked of it waits for the answer, however long Redis is away.
 */
export function openRedis(url: string, log: Logger, options: RedisOptions = {}): Redis {
  const redis = new Redis(url, {
    connectTimeout: CONNECT_WITHIN_MS,
    socketTimeout: SILENCE_MAX_MS,
    maxRetriesPerRequest: null,
    retryStrategy: (times) => Math.min(COME_BACK_FIRST_MS * 2 ** Math.min(times - 1, 10), COME_BACK_MAX_MS),
    ...options,
  });
  return tellOutages(redis, log);
}

/** One that fails at once while Redis is away, for those who would rather know than wait. */
export function openImpatientRedis(url: string, log: Logger, options: RedisOptions = {}): Redis {
  return openRedis(url, log, { enableOfflineQueue: false, maxRetriesPerRequest: 0, commandTimeout: ANSWER_WITHIN_MS, ...options });
}

function tellOutages(redis: Redis, log: Logger): Redis {
  let away = false;
  redis.on("error", (error) => {
    if (!away) log.warn({ error }, "Redis does not answer; trying until it does");
    away = true;
  });
  redis.on("ready", () => {
    if (away) log.info("Redis answers again");
    away = false;
  });
  return redis;
}
