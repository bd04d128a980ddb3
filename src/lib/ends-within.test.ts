import { expect, it } from "vitest";
import { endsWithin } from "./ends-within";

it("is true for what ends, well or badly", async () => {
  expect(await endsWithin(30_000, Promise.resolve())).toBe(true);
  expect(await endsWithin(30_000, Promise.reject(new Error("refused")))).toBe(true);
});

it("is false for what does not end in time", async () => {
  expect(await endsWithin(1, new Promise(() => {}))).toBe(false);
});
