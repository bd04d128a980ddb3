import { afterEach, expect, it, vi } from "vitest";
import { AppError } from "~/lib/errors";
import { watched } from "./watched";

afterEach(() => {
  vi.useRealTimers();
});

/** A source that gives an item when it is told to. */
function tap() {
  const waiting: ((item: string) => void)[] = [];
  return {
    give: (item: string) => waiting.shift()?.(item),
    async *source() {
      for (;;) yield await new Promise<string>((resolve) => waiting.push(resolve));
    },
  };
}

it("SES-03 an open subscription ends when its holder may listen no more, though nothing happens", async () => {
  const { source } = tap();
  let may = true;
  const check = async () => {
    if (!may) throw new AppError("forbidden");
  };
  const news = watched(source(), { check, signal: undefined, checkEveryMs: 5 });
  const next = news.next();

  may = false;

  await expect(next).rejects.toMatchObject({ code: "forbidden" });
});

it("SES-03 an item is not handed over after the right to it is gone", async () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  const { source, give } = tap();
  const check = vi.fn(async () => {
    throw new AppError("unauthenticated");
  });
  const news = watched(source(), { check, signal: undefined });
  const next = news.next();
  await Promise.resolve();

  vi.advanceTimersByTime(1_500);
  give("late news");

  await expect(next).rejects.toMatchObject({ code: "unauthenticated" });
});

it("a busy subscription does not ask for each item", async () => {
  const { source, give } = tap();
  const check = vi.fn(async () => {});
  const news = watched(source(), { check, signal: undefined });
  for (const item of ["a", "b", "c"]) {
    const next = news.next();
    await Promise.resolve();
    await Promise.resolve();
    give(item);
    expect(await next).toEqual({ done: false, value: item });
  }

  expect(check).not.toHaveBeenCalled();
});

it("ends at once when the socket goes", async () => {
  const { source } = tap();
  const socket = new AbortController();
  const news = watched(source(), { check: async () => {}, signal: socket.signal });
  const next = news.next();

  socket.abort();

  expect(await next).toEqual({ done: true, value: undefined });
});
