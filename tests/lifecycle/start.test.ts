import { statSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { isAlive, repository, startNode } from "../support/processes";
import { isServing, launch, makePlace, type Place, survivors, whenReady } from "./launched";

let place: Place;
const running: { pid: number; ended: Promise<unknown> }[] = [];
beforeEach(async () => {
  place = await makePlace();
});
afterEach(async () => {
  for (const { pid, ended } of running.splice(0)) {
    if (isAlive(pid)) process.kill(pid, "SIGTERM");
    await ended;
  }
  place.remove();
});

function start(...args: string[]) {
  const launcher = launch(place, ...args);
  running.push(launcher);
  return launcher;
}

async function cli(...args: string[]) {
  const command = startNode([path.join(repository, "scripts/cli.mjs"), ...args], { env: place.env });
  let stdout = "";
  command.child.stdout?.on("data", (text) => {
    stdout += text;
  });
  return { code: await command.ended, stdout, all: command.output() };
}

it("starts again after it was killed, and keeps the data", async () => {
  const first = start();
  const before = await whenReady(place, first);
  const port = (await cli("database", "url", "--role", "reader")).stdout;
  process.kill(first.pid, "SIGKILL");
  await first.ended;

  const second = start();
  const after = await whenReady(place, second);

  expect(await survivors(before.all)).toEqual([]);
  expect(after.launcher).not.toBe(before.launcher);
  expect(await isServing(place)).toBe(true);
  expect((await cli("database", "url", "--role", "reader")).stdout).toBe(port);
});

it("takes over from a database that was left alone", async () => {
  const first = start();
  const before = await whenReady(place, first);
  process.kill(before.guard, "SIGKILL");
  process.kill(first.pid, "SIGKILL");
  await first.ended;
  expect(isAlive(before.postmaster)).toBe(true);

  const second = start();
  const after = await whenReady(place, second);

  expect(await survivors([before.postmaster])).toEqual([]);
  expect(after.postmaster).not.toBe(before.postmaster);
  expect(await isServing(place)).toBe(true);
});

it("refuses a second start on the same data, and the first one goes on", async () => {
  const first = start();
  const { all } = await whenReady(place, first);

  const second = start();

  expect(await second.ended).toBe(1);
  expect(second.output()).toMatch(/✗ already running at http:\/\/localhost:\d+ \(process \d+\)/);
  expect(all.filter((pid) => !isAlive(pid))).toEqual([]);
  expect(await isServing(place)).toBe(true);
});

it("says in one line which port another program has", async () => {
  const other = net.createServer().listen(place.port, "127.0.0.1");

  const launcher = start();

  expect(await launcher.ended).toBe(1);
  expect(launcher.output()).toContain(`✗ port ${place.port} is used by another program: stop it, or choose another one, such as PORT=`);
  other.close();
});

it("starts a program again that was killed", async () => {
  const launcher = start();
  const before = await whenReady(place, launcher);

  process.kill(before.worker, "SIGKILL");
  process.kill(before.web, "SIGKILL");

  await expect.poll(() => isServing(place), { timeout: 60_000 }).toBe(true);
  const after = await whenReady(place, launcher);
  expect(after.web).not.toBe(before.web);
  expect(after.worker).not.toBe(before.worker);
  expect(after.simulator).toBe(before.simulator);
});

it("keeps secrets to this user, and makes new ones with --reset", async () => {
  const secrets = path.join(place.path, "secrets.json");
  const first = start();
  await whenReady(place, first);
  const before = (await cli("database", "url", "--role", "app")).stdout;
  process.kill(first.pid, "SIGTERM");
  await first.ended;

  const second = start("--reset");
  await whenReady(place, second);

  expect(statSync(secrets).mode & 0o777).toBe(0o600);
  expect((await cli("database", "url", "--role", "app")).stdout).not.toBe(before);
});

it("runs a command while nothing else runs: the database comes up for it and goes again", async () => {
  const { code, stdout } = await cli("database", "url", "--role", "app");

  expect(code).toBe(0);
  const { port } = new URL(stdout.trim());
  expect(await new Promise((resolve) => net.connect(Number(port), "127.0.0.1").once("error", () => resolve("closed")))).toBe("closed");
});
