import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { claimInstance, findInstance } from "./instance.mjs";
import { isAlive, processIdentity } from "./processes.mjs";

/** @type {string} */
let dataDir;
beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), "instance-"));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

/** @param {Partial<import("./instance.mjs").Instance>} note */
const leave = (note) =>
  writeFileSync(path.join(dataDir, "running.json"), JSON.stringify({ kind: "start", ready: true, children: [], ...note }));

it("is found while it lasts and leaves nothing behind", async () => {
  const claim = await claimInstance(dataDir, "start");
  claim.update({ ready: true, appUrl: "http://localhost:3000" });

  expect(findInstance(dataDir)).toMatchObject({ pid: process.pid, ready: true, appUrl: "http://localhost:3000" });
  claim.release();
  expect(findInstance(dataDir)).toBeNull();
  expect(readdirSync(dataDir)).toEqual([]);
});

it("refuses a second one with the first one's address", async () => {
  const claim = await claimInstance(dataDir, "start");
  claim.update({ appUrl: "http://localhost:3000" });

  await expect(claimInstance(dataDir, "start")).rejects.toThrow(`already running at http://localhost:3000 (process ${process.pid})`);
  await expect(claimInstance(dataDir, "command")).rejects.toThrow("already running");
});

it("waits for a command to end", async () => {
  const command = await claimInstance(dataDir, "command");
  const next = claimInstance(dataDir, "start");
  command.release();

  await next;

  expect(findInstance(dataDir)?.kind).toBe("start");
});

it("takes over from a process that is gone, though its number lives on in another", async () => {
  leave({ pid: process.pid, identity: "an earlier process" });
  expect(findInstance(dataDir)).toBeNull();

  await claimInstance(dataDir, "start");

  expect(findInstance(dataDir)?.identity).toBe(processIdentity(process.pid));
});

it("ends what a killed instance left running, and nothing that took its number", async () => {
  const left = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  const other = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  const note = (/** @type {import("node:child_process").ChildProcess} */ child, /** @type {string | undefined} */ identity) => ({
    name: "web",
    pid: child.pid ?? 0,
    identity: identity ?? processIdentity(child.pid ?? 0),
  });
  leave({ pid: 999_999_999, identity: "gone", children: [note(left, undefined), note(other, "an earlier process")] });

  await claimInstance(dataDir, "start");

  expect(isAlive(left.pid ?? 0)).toBe(false);
  expect(isAlive(other.pid ?? 0)).toBe(true);
  other.kill();
});
