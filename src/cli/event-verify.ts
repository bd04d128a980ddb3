import { type ChainReport, verifyChain } from "~/server/services/event";
import type { Command } from "./command";
import { tenantsToCheck } from "./tenants";

const command: Command = {
  name: "event verify",
  summary: "walk the event log's hash chain and compare it with the heads kept outside the database; exit 1 if it was tampered with",
  options: [{ name: "tenant", summary: "only this tenant" }],
  async run(sys, { tenant }) {
    const chains: ChainReport[] = [];
    for (const ctx of await tenantsToCheck(sys, tenant)) chains.push(await verifyChain(ctx));
    const ok = chains.every((chain) => chain.ok);
    return { json: tenant ? chains[0] : chains, ok };
  },
};
export default command;
