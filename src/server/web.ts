import cluster from "node:cluster";
import { createServer } from "node:net";
import { createMetrics } from "./metrics";
import { runProcess } from "./process";
import { closeTransport } from "./providers/transport";
import { checkStart } from "./start-checks";
import { createSystem, startSystem } from "./system";
import { runPrimary, sharedAlone, sharedWithOthers } from "./web/cluster";
import { openPages } from "./web/pages";
import { createWebServer } from "./web/server";

runProcess("web", async (config) => {
  const several = config.webConcurrency > 1 && !config.development;
  if (several && cluster.isPrimary) {
    // What is wrong is wrong for all of them: it is said once, before there are several.
    const first = await createSystem(config, "web-primary");
    await checkStart(first).finally(() => first.close());
    await checkPort(config.port, config.host);
    return { log: first.log, ...runPrimary(config.webConcurrency, first.log) };
  }
  const sys = await startSystem(config, "web");
  await checkStart(sys);
  const metrics = createMetrics(sys);
  const pages = await openPages(config);
  const web = createWebServer(sys, metrics, several ? sharedWithOthers(metrics) : sharedAlone(metrics), pages);
  const port = await web.listen(config.port, config.host);
  sys.log.info({ port, host: config.host, appUrl: config.appUrl }, "web started");
  return {
    log: sys.log,
    async stop() {
      await web.stop();
      await closeTransport();
      await sys.close();
    },
  };
});

/** Throws when somebody else listens there. */
function checkPort(port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(port, host, () => probe.close(() => resolve()));
  });
}
