import { runProcess } from "~/server/process";
import { closeTransport } from "~/server/providers/transport";
import { checkStart } from "~/server/start-checks";
import { startSystem } from "~/server/system";
import { startWorker } from "./worker";

runProcess("worker", async (config) => {
  const sys = await startSystem(config, "worker");
  await checkStart(sys);
  const worker = await startWorker(sys);
  return {
    log: sys.log,
    async stop() {
      await worker.stop();
      await closeTransport();
      await sys.close();
    },
  };
});
