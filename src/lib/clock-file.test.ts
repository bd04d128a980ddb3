import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { clockFileIn, FileClock, readClockOffset } from "./clock-file";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), "clock-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

it("has no offset without a file", () => {
  expect(new FileClock(dir).offsetMs()).toBe(0);
  expect(readClockOffset(clockFileIn(dir))).toBe(0);
});

it("is moved by one process and followed by another", () => {
  new FileClock(dir).advance(7_200_000);
  expect(new FileClock(dir).offsetMs()).toBe(7_200_000);
});

it("is followed at once: two processes never disagree about the time", () => {
  const [mover, follower] = [new FileClock(dir), new FileClock(dir)];
  for (let moves = 1; moves <= 50; moves++) {
    mover.advance(60_000);
    expect(follower.offsetMs()).toBe(moves * 60_000);
  }
});

it("adds up, sets and resets", () => {
  const clock = new FileClock(dir);
  clock.advance(1_000);
  clock.advance(500);
  expect(clock.offsetMs()).toBe(1_500);

  clock.set(new Date("2030-01-01T00:00:00Z"));
  expect(Math.abs(clock.now().getTime() - Date.parse("2030-01-01T00:00:00Z"))).toBeLessThan(5_000);

  clock.reset();
  expect(clock.offsetMs()).toBe(0);
});

it.each(["{}", '{"offsetMs":"1"}', '{"offsetMs":1.5}', "[]", "null"])("refuses a file that holds %s", (text) => {
  writeFileSync(clockFileIn(dir), text);
  expect(() => readClockOffset(clockFileIn(dir))).toThrow(/offsetMs/);
});
