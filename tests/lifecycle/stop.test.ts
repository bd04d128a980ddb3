import { existsSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { isFree } from "../../scripts/launch/ports.mjs";
import { eventually } from "../support/processes";
import { launch, launchWithNpm, makePlace, type Place, processesOf, survivors, whenReady } from "./launched";

let place: Place;
beforeEach(async () => {
  place = await makePlace();
});
afterEach(() => place.remove());

async function expectNothingLeft(pids: number[]) {
  expect(await survivors(pids)).toEqual([]);
  await eventually("no process of this place is left", () => processesOf(place).length === 0);
  expect(await isFree(place.port)).toBe(true);
  expect(await isFree(place.simulatorPort)).toBe(true);
}

it("stops everything on Ctrl-C, which reaches npm and the launcher at once", async () => {
  const npm = launchWithNpm(place);
  const { all } = await whenReady(place, npm);

  process.kill(-npm.pid, "SIGINT");
  await npm.ended;

  await expectNothingLeft(all);
  expect(npm.output()).toContain("stopped");
  expect(existsSync(path.join(place.path, "running.json"))).toBe(false);
});

it("stops everything when npm is asked to end", async () => {
  const npm = launchWithNpm(place);
  const { all } = await whenReady(place, npm);

  process.kill(npm.pid, "SIGTERM");

  await expectNothingLeft(all);
});

it("stops everything when npm is killed", async () => {
  const npm = launchWithNpm(place);
  const { all } = await whenReady(place, npm);

  process.kill(npm.pid, "SIGKILL");

  await expectNothingLeft(all);
});

it("ERR-04 stops everything on SIGTERM and says so with exit code 0", async () => {
  const launcher = launch(place);
  const { all } = await whenReady(place, launcher);

  process.kill(launcher.pid, "SIGTERM");

  expect(await launcher.ended).toBe(0);
  await expectNothingLeft(all);
});

it("stops while it is still starting", async () => {
  const launcher = launch(place);
  await eventually("the database is up", () => launcher.output().includes("database"), 150_000);

  process.kill(launcher.pid, "SIGINT");

  expect(await launcher.ended).toBe(0);
  await expectNothingLeft([launcher.pid]);
});

it("leaves nothing behind when the launcher itself is killed", async () => {
  const launcher = launch(place);
  const { all } = await whenReady(place, launcher);

  process.kill(launcher.pid, "SIGKILL");

  await expectNothingLeft(all);
});

it("stops with a clear line when the database dies", async () => {
  const launcher = launch(place);
  const { all, postmaster } = await whenReady(place, launcher);

  process.kill(postmaster, "SIGKILL");

  expect(await launcher.ended).toBe(1);
  expect(launcher.output()).toContain("✗ the database ended by itself");
  await expectNothingLeft(all);
});
