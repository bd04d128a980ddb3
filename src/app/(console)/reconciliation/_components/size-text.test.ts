import { expect, it } from "vitest";
import { sizeText } from "./size-text";

it("names a size in the unit that leaves few figures", () => {
  expect([0, 1_023, 1_024, 12_700, 1_048_576].map(sizeText)).toEqual(["0 B", "1023 B", "1.0 KB", "12.4 KB", "1.0 MB"]);
});
