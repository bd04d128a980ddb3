import { expect, it } from "vitest";
import type { FaultSwitch } from "../state";
import { Faults, isEvenlyChosen } from "./faults";

const newFaults = () => {
  const switches = new Map<string, FaultSwitch>();
  return new Faults(() => switches);
};

it("strikes as often as told, the most exact key first, and counts", () => {
  const faults = newFaults();
  faults.set("alipay", { kind: "error500" });
  faults.set("alipay.trade.query", { kind: "hang", times: 2 });

  const kinds = [1, 2, 3].map(() => faults.takeForRequest(["alipay.trade.query", "alipay"], "alipay.trade.query")?.kind);

  expect(kinds).toEqual(["hang", "hang", "error500"]);
  expect(faults.view().faults["alipay.trade.query"]).toMatchObject({ left: 0, struck: 2 });
  expect(faults.view().counts).toEqual({ hang: 2, error500: 1 });
});

it("spreads a percentage evenly", () => {
  const chosen = Array.from({ length: 20 }, (_, index) => isEvenlyChosen(index + 1, 25));
  expect(chosen.filter(Boolean)).toHaveLength(5);
  expect(chosen.slice(0, 4)).toEqual([false, false, false, true]);
});

it("refuses a kind that cannot work under its key", () => {
  const faults = newFaults();
  expect(() => faults.set("alipay", { kind: "gbk" })).toThrow();
  expect(() => faults.set("notify.alipay", { kind: "hang" })).toThrow();
  expect(() => faults.set("notify.alipay", { kind: "gbk" })).not.toThrow();
});
