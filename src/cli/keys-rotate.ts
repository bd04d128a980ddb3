import { z } from "zod";
import { rotateKeys } from "~/server/services/key";
import { type Command, UsageError } from "./command";

const Instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

const command: Command = {
  name: "keys rotate",
  summary: "wrap and seal everything under the newest master key; run it again after an interruption",
  options: [{ name: "created-before", summary: "also replace data keys made before this instant (ISO 8601)" }],
  async run(sys, options) {
    const text = options["created-before"];
    const createdBefore = text === undefined ? undefined : Instant.safeParse(text);
    if (createdBefore && !createdBefore.success) throw new UsageError("--created-before is not an instant such as 2026-11-01T00:00:00Z");
    return { json: await rotateKeys(sys, { createdBefore: createdBefore?.data }) };
  },
};
export default command;
