import { expect, it } from "vitest";
import { DEMO_ACCOUNTS } from "./demo-accounts";
import { passwordFault } from "./password";

it("the demonstration's passwords keep the rules that everybody's keep", () => {
  const faults = DEMO_ACCOUNTS.map((account) => passwordFault(account.password, { ...account, isOperator: account.role === "operator" }));

  expect(faults).toEqual(DEMO_ACCOUNTS.map(() => null));
});
