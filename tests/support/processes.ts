import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

export { commandLine, hasEnded, isAlive } from "../../scripts/launch/processes.mjs";

export const repository = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..", "..");

export type StartedProgram = {
  pid: number;
  /** Everything that it said so far, on both streams. */
  output(): string;
  /** The exit code, or the signal that ended it. */
  ended: Promise<number | NodeJS.Signals>;
  child: ChildProcess;
};

/** Starts Node on a file of this repository. The line of IPC tells the program when this process dies. */
export function startNode(args: string[], options: SpawnOptions = {}): StartedProgram {
  const child = spawn(process.execPath, args, { cwd: repository, stdio: ["ignore", "pipe", "pipe", "ipc"], ...options });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const ended = new Promise<number | NodeJS.Signals>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(code ?? signal ?? "SIGKILL"));
  });
  ended.catch(() => {});
  return { pid: child.pid ?? 0, output: () => output, ended, child };
}

/** Asks again until the answer is neither false nor null. For what happens in another process; a bound, not a sleep. */
export async function eventually<T>(what: string, ask: () => Promise<T | null | false> | T | null | false, withinMs = 120_000): Promise<T> {
  for (const until = Date.now() + withinMs; Date.now() < until; await sleep(50)) {
    const answer = await ask();
    if (answer !== null && answer !== false) return answer;
  }
  throw new Error(`not within ${withinMs / 1000} s: ${what}`);
}
