import { afterEach, expect, it, vi } from "vitest";
import { createProgress } from "./progress.mjs";
import { ensureRedis, findRedis } from "./redis.mjs";

afterEach(() => vi.unstubAllEnvs());

it("takes the redis-server that REDIS_SERVER_PATH names, and no other", () => {
  vi.stubEnv("REDIS_SERVER_PATH", process.execPath);
  expect(findRedis()).toBe(process.execPath);

  vi.stubEnv("REDIS_SERVER_PATH", "/no/such/redis-server");
  expect(findRedis()).toBeNull();
});

it("says what to do where there is none, instead of leaving tests out", async () => {
  vi.stubEnv("REDIS_SERVER_PATH", "/no/such/redis-server");

  await expect(ensureRedis(createProgress())).rejects.toThrow("name its redis-server in REDIS_SERVER_PATH");
});
