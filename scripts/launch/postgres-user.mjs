import { spawnSync } from "node:child_process";
import { chownSync, lstatSync, readdirSync } from "node:fs";
import path from "node:path";
import { Failure } from "./failure.mjs";

const USER = "postgres";

/**
 * PostgreSQL refuses to run as root, so root lends it the system user "postgres".
 *
 * @param {string} binary one of PostgreSQL's programs
 * @param {string} dataDir the cluster's folder; its parent exists
 */
export function postgresUser(binary, dataDir) {
  if (process.getuid?.() !== 0) return { command: plain, adopt: () => {} };
  const ids = ensureSystemUser();

  const reach = 'cd "$1" && "$2" --version';
  const reaches = spawnSync("/bin/sh", ["-c", reach, "sh", path.dirname(dataDir), binary], { ...ids, cwd: "/" }).status === 0;
  if (reaches) {
    return {
      /** @type {typeof plain} */
      command: (program, args) => ({ program, args, options: ids }),
      /** @param {string} place */
      adopt: (place) => changeOwner(place, ids.uid, ids.gid),
    };
  }

  // The clone lies below a folder that only root may enter, such as root's home. In a user namespace root can stay root for
  // the file system and still be "postgres" in the program's own eyes.
  /** @param {string[]} words */
  const unshare = (words) => ["--user", `--map-user=${ids.uid}`, `--map-group=${ids.gid}`, ...words];
  if (spawnSync("unshare", unshare([binary, "--version"]), { cwd: "/" }).status !== 0) {
    throw new Failure(
      `the database cannot run as root below ${path.dirname(dataDir)}: start as another user, or from a folder that all users may enter`,
    );
  }
  return {
    /** @type {typeof plain} */
    command: (program, args) => ({ program: "unshare", args: unshare([program, ...args]), options: {} }),
    /** @param {string} place */
    adopt: (place) => changeOwner(place, 0, 0),
  };
}

/**
 * @param {string} program
 * @param {string[]} args
 * @returns {{ program: string, args: string[], options: { uid?: number, gid?: number } }}
 */
const plain = (program, args) => ({ program, args, options: {} });

function ensureSystemUser() {
  if (readId("-u") === null) {
    spawnSync("groupadd", ["--system", USER]);
    spawnSync("useradd", ["--system", "--gid", USER, "--no-create-home", "--shell", "/usr/sbin/nologin", USER]);
  }
  const [uid, gid] = [readId("-u"), readId("-g")];
  if (uid === null || gid === null)
    throw new Failure(`the database cannot run as root, and no user "${USER}" could be made: start as another user`);
  return { uid, gid };
}

/** @param {"-u" | "-g"} flag */
function readId(flag) {
  const answer = spawnSync("id", [flag, USER], { encoding: "utf8" });
  return answer.status === 0 ? Number(answer.stdout) : null;
}

/**
 * @param {string} place
 * @param {number} uid
 * @param {number} gid
 */
function changeOwner(place, uid, gid) {
  const entry = lstatSync(place);
  if (entry.uid === uid && entry.gid === gid) return;
  if (entry.isDirectory()) for (const name of readdirSync(place)) changeOwner(path.join(place, name), uid, gid);
  // The folder itself comes last, so that an interrupted change is taken up again.
  chownSync(place, uid, gid);
}
