import { findFreePort } from "./ports";
import { eventually, startNode } from "./processes";
import { makeTemporaryFolder } from "./temporary-folder";

export type TestSimulator = {
  /** Its address, such as http://127.0.0.1:24680: base of both providers' paths and of /control. */
  url: string;
  /** Holds its state and the test clock's file. */
  dataDir: string;
  output(): string;
  stop(): Promise<void>;
};

/** Starts the simulator from its sources, as a process of its own with a data folder of its own. It ends with this process at the latest. */
export async function startSimulator(env: Record<string, string> = {}): Promise<TestSimulator> {
  const folder = makeTemporaryFolder("simulator");
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const program = startNode(["--import", "tsx", "src/simulator/main.ts"], {
    env: {
      ...process.env,
      NODE_ENV: "production",
      TEST_CLOCK: "1",
      DATA_DIR: folder.path,
      SIMULATOR_PORT: String(port),
      SIMULATOR_URL: url,
      ...env,
    },
  });
  const failed = program.ended.then((code) => {
    throw new Error(`the simulator ended (${code})\n${program.output()}`);
  });
  failed.catch(() => {});
  const ready = eventually("the simulator answers", () =>
    fetch(`${url}/control/state`).then(
      (answer) => answer.ok,
      () => false,
    ),
  );
  await Promise.race([ready, failed]);

  return {
    url,
    dataDir: folder.path,
    output: program.output,
    async stop() {
      program.child.kill("SIGTERM");
      await program.ended;
      folder.remove();
    },
  };
}
