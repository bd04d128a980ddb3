import { isId } from "~/lib/id";
import { isCivilDate } from "~/lib/time";
import { inTenant } from "~/server/context";
import { reconcileDate } from "~/server/services/reconciliation";
import { type Command, cliActor, UsageError } from "./command";

const command: Command = {
  name: "reconcile",
  summary: "compare a day of each channel with the provider's statement now; exit 1 if one could not be compared",
  options: [
    { name: "tenant", summary: "tenant id", required: true },
    { name: "date", summary: "a Beijing day that has ended, 2026-11-20", required: true },
  ],
  async run(sys, { tenant = "", date = "" }) {
    if (!isId("tenant", tenant)) throw new UsageError("--tenant is not a tenant's id");
    if (!isCivilDate(date)) throw new UsageError("--date is not a day, such as 2026-11-20");
    const json = await reconcileDate(inTenant(sys, tenant, cliActor), date);
    return { json, ok: json.every(({ status }) => status !== "waiting" && status !== "failed") };
  },
};
export default command;
