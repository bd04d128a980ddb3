import type { ServerResponse } from "node:http";
import type { Reply } from "../http/wire";
import type { World } from "../world";
import type { ChangeEvent, JournalEntry } from "./types";

/** Often enough that proxies and browsers keep the line. */
const BEAT_MS = 15_000;

/** Server-sent events: `journal` for each new entry, `change` for each thing that moved. */
export const stream = (world: World): Reply => ({
  kind: "stream",
  open(response: ServerResponse) {
    response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store", connection: "keep-alive" });
    response.write(": hello\n\n");
    const send = (event: string, value: JournalEntry | ChangeEvent) => {
      response.write(`event: ${event}\ndata: ${JSON.stringify(value)}\n\n`);
    };
    const onJournal = (entry: JournalEntry) => send("journal", entry);
    const onChange = (change: ChangeEvent) => send("change", change);
    const beat = setInterval(() => response.write(": beat\n\n"), BEAT_MS);
    world.bus.on("journal", onJournal);
    world.bus.on("change", onChange);
    response.on("close", () => {
      clearInterval(beat);
      world.bus.off("journal", onJournal);
      world.bus.off("change", onChange);
    });
  },
});
