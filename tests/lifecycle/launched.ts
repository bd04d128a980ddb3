import { chmodSync, existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { findInstance } from "../../scripts/launch/instance.mjs";
import { findPostmaster } from "../../scripts/launch/postmaster.mjs";
import { findFreePort } from "../support/ports";
import { eventually, hasEnded, repository, startNode } from "../support/processes";
import { makeTemporaryFolder } from "../support/temporary-folder";

/** A place to start the platform in: a data folder and two free ports. */
export async function makePlace() {
  const folder = makeTemporaryFolder("lifecycle");
  // PostgreSQL runs as another user when we are root, and has to pass through.
  chmodSync(folder.path, 0o755);
  const [port, simulatorPort] = [await findFreePort(), await findFreePort()];
  const env: NodeJS.ProcessEnv = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    NODE_ENV: "production",
    DATA_DIR: folder.path,
    PORT: String(port),
    SIMULATOR_PORT: String(simulatorPort),
    WEB_CONCURRENCY: "2",
    DEMO: "0",
  };
  return { ...folder, port, simulatorPort, env };
}
export type Place = Awaited<ReturnType<typeof makePlace>>;

/** Starts the launcher by itself, as leader of its own process group. Should this test run be killed, it stops by the closed line. */
export function launch(place: Place, ...args: string[]) {
  return startNode([path.join(repository, "scripts/start.mjs"), ...args], { env: place.env, detached: true });
}

/** Starts it as people do, with npm in between, in a process group as a terminal would make one. */
export function launchWithNpm(place: Place) {
  const npm = process.env.npm_execpath ?? path.join(path.dirname(process.execPath), "..", "lib/node_modules/npm/bin/npm-cli.js");
  return startNode([npm, "start"], { env: place.env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
}

/** Waits until everything answers, and names every process that runs then. */
export async function whenReady(place: Place, started: { output(): string; ended: Promise<unknown> }) {
  let gone = false;
  started.ended.then(() => {
    gone = true;
  });
  const instance = await eventually(
    "the platform is ready",
    () => {
      if (gone) throw new Error(`the launcher ended\n${started.output()}`);
      const found = findInstance(place.path);
      return found?.ready ? found : null;
    },
    150_000,
  );
  const pidOf = (name: string) => instance.children.find((child) => child.name === name)?.pid ?? 0;
  const postmaster = findPostmaster(path.join(place.path, "postgres")) ?? 0;
  const pids = {
    launcher: instance.pid,
    guard: pidOf("postgres"),
    web: pidOf("web"),
    worker: pidOf("worker"),
    simulator: pidOf("simulator"),
  };
  return { ...pids, postmaster, all: [...Object.values(pids), postmaster] };
}

/** Which of the processes are still there after a while; none, if all is well. */
export async function survivors(pids: number[], withinMs = 60_000): Promise<number[]> {
  const ended = await Promise.all(pids.map((pid) => hasEnded(pid, withinMs)));
  return pids.filter((_, index) => !ended[index]);
}

/** Every process that was told to work in this place, children of children included, where the system tells (Linux does). */
export function processesOf(place: Place): number[] {
  if (!existsSync("/proc/self/environ")) return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && environmentOf(name).includes(`DATA_DIR=${place.path}\0`))
    .map(Number);
}

function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8");
  } catch {
    // Gone between the look and the read, or another user's.
    return "";
  }
}

export async function isServing({ port }: Place): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/api/health/ready`, { headers: { host: `localhost:${port}` } }).then(
    (answer) => answer.ok,
    () => false,
  );
}
