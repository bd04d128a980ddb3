import { expect, it } from "vitest";
import type { AppError } from "~/lib/errors";
import { countCall } from "./rate-limit";

const burst = async (
  caller: string,
  count: number,
  path = (n: number) => `p.${n % 5}`,
  permission: Parameters<typeof countCall>[2] = null,
) => {
  const results = await Promise.allSettled(Array.from({ length: count }, (_, n) => countCall(caller, path(n), permission)));
  return results.filter(({ status }) => status === "rejected").map((one) => (one as PromiseRejectedResult).reason as AppError);
};

it("RATE-01 a procedure takes 25 calls of a tenant a second, all of them together 100", async () => {
  expect(await burst("ten_one", 25, () => "p.same")).toHaveLength(0);
  expect((await burst("ten_one", 5, () => "p.same")).length).toBe(5);
  expect((await burst("ten_two", 125)).length).toBe(25);
});

it("RATE-01 TEN-10 one tenant at its limit costs another nothing", async () => {
  await burst("ten_loud", 200);

  expect(await burst("ten_quiet", 20)).toHaveLength(0);
});

it("RATE-01 exports are five a minute, and the refusal says when to come back", async () => {
  const refused = await burst("ten_export", 7, () => "p.export", "export.create");

  expect(refused).toHaveLength(2);
  expect(refused[0]?.code).toBe("too_many_requests");
  expect(Number(refused[0]?.details.retryAfterSeconds)).toBeGreaterThan(1);
});
