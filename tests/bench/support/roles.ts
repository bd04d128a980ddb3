import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** A bench's server is a process of its own, made from the bench's own bundle: client and server must not share an event loop. */
export type Role = { url: string; stop(): Promise<void> };

export async function startRole(bundleUrl: string, role: string, env: Record<string, string>): Promise<Role> {
  const child: ChildProcess = spawn(process.execPath, ["--enable-source-maps", fileURLToPath(bundleUrl)], {
    env: { ...process.env, ...env, BENCH_ROLE: role },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const [message] = (await Promise.race([
    once(child, "message"),
    once(child, "exit").then(([code]) => Promise.reject(new Error(`${role} ended with ${code} before it was ready`))),
  ])) as [{ port: number }];
  return {
    url: `http://127.0.0.1:${message.port}`,
    async stop() {
      child.kill("SIGTERM");
      if (child.exitCode === null) await once(child, "exit");
    },
  };
}

/** Inside the child: which role to play, or null for the bench itself. Ends with its parent. */
export function playedRole(): string | null {
  const role = process.env.BENCH_ROLE ?? null;
  if (role) {
    process.on("disconnect", () => process.exit(0));
    process.on("SIGTERM", () => process.exit(0));
  }
  return role;
}

export const ready = (port: number): void => void process.send?.({ port });
