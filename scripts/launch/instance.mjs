import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Failure } from "./failure.mjs";
import { endProcess, errorCode, processIdentity } from "./processes.mjs";

// A child may need 20 s to finish what it holds; a little more before it is made to end.
const CHILD_GRACE_MS = 22_000;
const COMMAND_WAIT_MS = 120_000;

/**
 * Who uses a data folder now. `kind` "start" is the whole platform, "command" a command line that runs the database for itself.
 * @typedef {{ pid: number, identity: string }} ProcessNote
 * @typedef {ProcessNote & { kind: "start" | "command", ready: boolean, appUrl?: string, simulatorUrl?: string, postgresPort?: number,
 *   children: (ProcessNote & { name: string })[] }} Instance
 */

/** @param {string} dataDir */
const fileOf = (dataDir) => path.join(dataDir, "running.json");

/**
 * The instance that runs on this data folder, or null. What a crash left behind counts as nobody.
 * @param {string} dataDir
 * @returns {Instance | null}
 */
export function findInstance(dataDir) {
  const note = readNote(fileOf(dataDir));
  return note && isSame(note) ? note : null;
}

/**
 * Claims a data folder for this process: two servers on one cluster would destroy each other's work.
 * A running command is waited for; a running platform is refused. What a killed instance left running is stopped first.
 * @param {string} dataDir
 * @param {Instance["kind"]} kind
 */
export async function claimInstance(dataDir, kind) {
  mkdirSync(dataDir, { recursive: true });
  const file = fileOf(dataDir);
  /** @type {Instance} */
  const mine = { pid: process.pid, identity: processIdentity(process.pid), kind, ready: false, children: [] };

  for (const until = Date.now() + COMMAND_WAIT_MS; !create(file, mine); ) {
    const holder = readNote(file);
    if (!holder) continue;
    if (!isSame(holder)) {
      await clearStale(file, holder);
    } else if (holder.kind === "start" || Date.now() > until) {
      const where = holder.appUrl ? ` at ${holder.appUrl}` : "";
      throw new Failure(
        `already running${where} (process ${holder.pid}): stop that one first, or set DATA_DIR, PORT and SIMULATOR_PORT for a second one`,
      );
    } else {
      await sleep(100);
    }
  }

  return {
    /** @param {Partial<Instance>} change */
    update(change) {
      Object.assign(mine, change);
      replace(file, mine);
    },
    /**
     * @param {string} name
     * @param {number} pid
     */
    noteChild(name, pid) {
      const others = mine.children.filter((child) => child.name !== name);
      this.update({ children: [...others, { name, pid, identity: processIdentity(pid) }] });
    },
    release() {
      if (readNote(file)?.identity === mine.identity && readNote(file)?.pid === mine.pid) rmSync(file);
    },
  };
}

/** @typedef {Awaited<ReturnType<typeof claimInstance>>} Claim */

/**
 * Takes away the note of a dead instance, once its children are gone. Of two that try, one gets the file; it puts a fresh one back.
 * @param {string} file
 * @param {Instance} seen
 */
async function clearStale(file, seen) {
  await Promise.all(seen.children.filter(isSame).map((child) => endProcess(child.pid, { graceMs: CHILD_GRACE_MS })));
  const aside = `${file}.${process.pid}.stale`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return;
    throw error;
  }
  const taken = readNote(aside);
  if (taken && isSame(taken)) create(file, taken);
  rmSync(aside);
}

/**
 * A link appears with its whole content, and only where nothing stands.
 * @param {string} file
 * @param {Instance} note
 */
function create(file, note) {
  const draft = `${file}.${process.pid}.draft`;
  writeFileSync(draft, JSON.stringify(note));
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * @param {string} file
 * @param {Instance} note
 */
function replace(file, note) {
  const draft = `${file}.${process.pid}.draft`;
  writeFileSync(draft, JSON.stringify(note));
  renameSync(draft, file);
}

/**
 * @param {string} file
 * @returns {Instance | null}
 */
function readNote(file) {
  try {
    return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : null;
  } catch (error) {
    // Taken away between the look and the read.
    if (errorCode(error) === "ENOENT") return null;
    throw new Failure(`${file} cannot be read: remove it, if nothing runs on this folder`, { cause: error });
  }
}

/** @param {ProcessNote} note */
const isSame = ({ pid, identity }) => processIdentity(pid) === identity && identity !== "";
