import { once } from "node:events";
import { expect, it } from "vitest";
import { startNode } from "~tests/support/processes";

const PROGRAM = `
  import { createLogger } from "~/server/logger";
  import { runProcess } from "~/server/process";
  runProcess("test", async () => {
    process.send("started");
    return { log: createLogger("info", "test"), stop: () => STOP };
  });
`;
const env = {
  ...process.env,
  DATABASE_URL: "postgres://app@127.0.0.1:1/xjz",
  MASTER_KEYS: `1:${Buffer.alloc(32).toString("base64")}`,
  NEXTAUTH_SECRET: "x".repeat(32),
};

/** Starts a process whose stop does what `stop` says, and waits until it has started. */
async function start(stop: string) {
  const program = PROGRAM.replace("STOP", stop);
  const { child } = startNode(["--import", "tsx", "--input-type=module", "--eval", program], { env });
  await once(child, "message");
  return child;
}

it("ERR-04 ends although its stop fails and nobody reads its words any more", async () => {
  const child = await start('Promise.reject(new Error("the database is gone"))');
  const ended = once(child, "exit");

  child.stdout?.destroy();
  child.stderr?.destroy();
  child.disconnect();

  expect(await ended).toEqual([1, null]);
});

it("ERR-04 stops without a complaint when it is asked to", async () => {
  const child = await start("Promise.resolve()");
  const ended = once(child, "exit");

  child.kill("SIGTERM");

  expect(await ended).toEqual([0, null]);
});
