import cluster from "node:cluster";
import { createLogger } from "./logger";
import { createMetrics } from "./metrics";
import { runProcess } from "./process";
import { closeTransport } from "./providers/transport";
import { checkStart } from "./start-checks";
import { startSystem } from "./system";
import { runPrimary, sharedAlone, sharedWithOthers } from "./web/cluster";
import { openPages } from "./web/pages";
import { createWebServer } from "./web/server";

runProcess("web", async (config) => {
  const several = config.webConcurrency > 1 && !config.development;
  if (several && cluster.isPrimary) {
    const log = createLogger(config.logLevel, "web-primary");
    return { log, ...runPrimary(config.webConcurrency, log) };
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
