import path from "node:path";
import { startSimulator } from "./start";

/** Reads an environment variable that must be a port; says its name when it is not. */
function port(name: string, fallback: number): number {
  const text = process.env[name] || String(fallback);
  const value = Number(text);
  if (!/^\d{1,5}$/.test(text) || value > 65_535) {
    console.error(`${name} must be a port number, not "${text}"`);
    process.exit(1);
  }
  return value;
}

const simulator = await startSimulator({
  port: port("SIMULATOR_PORT", 3100),
  host: process.env.HOST || "127.0.0.1",
  dataDir: path.resolve(process.env.DATA_DIR || ".data"),
  testClock: (process.env.TEST_CLOCK ?? "0") === "1",
  ...(process.env.SIMULATOR_URL ? { publicUrl: process.env.SIMULATOR_URL.replace(/\/+$/, "") } : {}),
}).catch((error: NodeJS.ErrnoException) => {
  console.error(error.code === "EADDRINUSE" ? `SIMULATOR_PORT ${process.env.SIMULATOR_PORT ?? 3100} is taken: choose another` : error);
  process.exit(1);
});
console.log(`simulator ready at ${simulator.url}`);

let stopping = false;
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  await simulator.close();
  process.exit(0);
}
process.on("SIGTERM", stop);
process.on("SIGINT", stop);
// A parent that holds a line to us and dies takes us with it.
if (process.send) process.once("disconnect", stop);
