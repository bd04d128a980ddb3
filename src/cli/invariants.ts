import { type CheckResult, checkTenant } from "~/server/services/invariant";
import type { Command } from "./command";
import { tenantsToCheck } from "./tenants";

const command: Command = {
  name: "invariants",
  summary: "check what must hold in the books of every tenant; exit 1 if anything is broken",
  options: [{ name: "tenant", summary: "only this tenant" }],
  async run(sys, { tenant }) {
    const total = new Map<string, CheckResult>();
    for (const ctx of await tenantsToCheck(sys, tenant)) {
      for (const { name, checked, broken, examples } of await checkTenant(ctx)) {
        const sum = total.get(name) ?? { name, checked: 0, broken: 0, examples: [] };
        sum.checked += checked;
        sum.broken += broken;
        sum.examples = [...sum.examples, ...examples.map((example) => `${ctx.tenantId}: ${example}`)].slice(0, 10);
        total.set(name, sum);
      }
    }
    const invariants = [...total.values()];
    return { json: invariants, ok: invariants.every(({ broken }) => broken === 0) };
  },
};
export default command;
