import { verdictOf } from "~/domain/channel-check";
import { AppError } from "~/lib/errors";
import { inTenant } from "~/server/context";
import { examineChannel, findTenantOfChannel } from "~/server/services/channel";
import { type Command, cliActor } from "./command";

const command: Command = {
  name: "channel doctor",
  summary: "examine a channel: keys, dates, gateway, signatures, clock, callback; exit 1 if a check fails",
  options: [{ name: "channel", summary: "channel id", required: true }],
  async run(sys, { channel = "" }) {
    const tenantId = await findTenantOfChannel(sys, channel);
    if (!tenantId) throw new AppError("not_found", "channel");
    const checks = await examineChannel(inTenant(sys, tenantId, cliActor), channel);
    return { json: checks, ok: !checks.some((check) => verdictOf(check) === "failed") };
  },
};
export default command;
