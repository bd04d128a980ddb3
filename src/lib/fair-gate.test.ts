import { expect, it } from "vitest";
import { FairGate } from "./fair-gate";

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Everybody wants in at once; whoever is inside leaves when told. */
function crowd(gate: FairGate, keys: readonly string[]) {
  const inside: { key: string; leave: () => void }[] = [];
  const came: string[] = [];
  for (const key of keys)
    void gate.enter(key).then((leave) => {
      came.push(key);
      inside.push({ key, leave });
    });
  return {
    came,
    inside,
    async leaveFirst(key?: string) {
      const at = key === undefined ? 0 : inside.findIndex((one) => one.key === key);
      inside.splice(at, 1)[0]?.leave();
      await turn();
    },
  };
}
const times = (count: number, key: string) => Array.from({ length: count }, () => key);

it("lets in no more than it may, in all and of one key", async () => {
  const { inside, leaveFirst } = crowd(new FairGate({ total: 5, perKey: 3 }), [...times(10, "a"), ...times(10, "b")]);
  await turn();

  for (let left = 20; left > 0; left -= 1) {
    expect(inside.length).toBe(Math.min(5, left));
    for (const key of ["a", "b"]) expect(inside.filter((one) => one.key === key).length).toBeLessThanOrEqual(3);
    await leaveFirst();
  }
  expect(inside).toEqual([]);
});

it("gives turns to keys, not to those who wait", async () => {
  const { came, leaveFirst } = crowd(new FairGate({ total: 1, perKey: 1 }), [...times(10_000, "a"), "b", "c", "b"]);
  await turn();

  for (let left = 0; left < 6; left += 1) await leaveFirst();

  expect(came).toEqual(["a", "a", "b", "c", "a", "b", "a"]);
});

it("passes over a key that has as many inside as it may", async () => {
  const { came, leaveFirst } = crowd(new FairGate({ total: 3, perKey: 2 }), ["a", "a", "a", "b", "b"]);
  await turn();
  expect(came).toEqual(["a", "a", "b"]);

  await leaveFirst("b");

  expect(came).toEqual(["a", "a", "b", "b"]);
});

it("gives a place back once, however often it is told", async () => {
  const gate = new FairGate({ total: 1, perKey: 1 });
  const leave = await gate.enter("a");
  leave();
  leave();
  const { inside } = crowd(gate, ["a", "a"]);
  await turn();

  expect(inside).toHaveLength(1);
});
