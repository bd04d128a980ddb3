import net from "node:net";
import { describe, expect, it } from "vitest";
import { requireNode } from "./failure.mjs";
import { showFromLevel, shownLine } from "./log-lines.mjs";
import { findFreePort, isFree, PORT_LIMIT } from "./ports.mjs";
import { backoffMs } from "./supervisor.mjs";

it("waits longer before each restart, up to half a minute", () => {
  expect([1, 2, 3, 4, 5, 6, 7, 100].map(backoffMs)).toEqual([1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]);
});

describe("what the terminal shows of a program's lines", () => {
  const wanted = { showFrom: showFromLevel(undefined), plain: true };

  it("shows warnings and worse in one line each", () => {
    expect(shownLine("web", '{"level":30,"msg":"request"}', wanted)).toBeNull();
    expect(shownLine("web", '{"level":40,"msg":"slow"}', wanted)).toBe("web       warn slow");
    expect(shownLine("web", '{"level":50,"msg":"failed","error":{"message":"no route"}}', wanted)).toBe("web       error failed: no route");
    expect(shownLine("web", '{"level":30,"msg":"request"}', { showFrom: showFromLevel("info"), plain: true })).toBe(
      "web       info request",
    );
  });

  it("shows other text as it is where it is wanted, and no empty line", () => {
    expect(shownLine("worker", "TypeError: x is not a function", wanted)).toBe("worker    TypeError: x is not a function");
    expect(shownLine("worker", "{ not json", wanted)).toBe("worker    { not json");
    expect(shownLine("worker", "compiled in 12 ms", { ...wanted, plain: false })).toBeNull();
    expect(shownLine("worker", "  ", wanted)).toBeNull();
  });
});

it("passes over a port that another program has, below those of outgoing connections", async () => {
  const taken = await findFreePort();
  const server = net.createServer().listen(taken, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));

  expect(await isFree(taken)).toBe(false);
  const next = await findFreePort(taken);
  expect(next).not.toBe(taken);
  expect(next).toBeLessThan(PORT_LIMIT);
  server.close();
});

it("refuses a Node that is too old, in words", () => {
  for (const version of ["20.9.0", "20.20.2", "22.0.0"]) expect(() => requireNode(version)).not.toThrow();
  for (const version of ["20.8.1", "18.20.0"])
    expect(() => requireNode(version)).toThrow(`20.9 or newer is needed, and this is ${version}`);
});
