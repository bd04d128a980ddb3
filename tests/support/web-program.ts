import { readConfig } from "~/server/config";
import { createMetrics } from "~/server/metrics";
import { createSystem } from "~/server/system";
import { sharedAlone } from "~/server/web/cluster";
import { createWebServer } from "~/server/web/server";

/** The web process without its pages, as a program of its own, for tests that read what it logs. */
const config = readConfig();
const sys = await createSystem(config, "web");
const metrics = createMetrics(sys);
const web = createWebServer(sys, metrics, sharedAlone(metrics), {
  handle: () => Promise.reject(new Error("pages are not part of this program")),
  upgrade: () => false,
  close: async () => {},
});
await web.listen(config.port, config.host);
process.send?.("ready");
process.on("SIGTERM", () => {
  void web
    .stop()
    .then(() => sys.close())
    .then(() => process.exit(0));
});
