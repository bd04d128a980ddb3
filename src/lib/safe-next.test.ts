import { expect, it } from "vitest";
import { safeNext } from "./safe-next";

it("IN-08 goes to addresses of our own only", () => {
  expect(safeNext("/payments?status=paid#x", "/")).toBe("/payments?status=paid#x");
  for (const foreign of [
    "//evil.test",
    "/\\evil.test",
    "/\t/evil.test",
    "https://evil.test",
    "javascript:alert(1)",
    "evil",
    "",
    undefined,
  ]) {
    expect(safeNext(foreign, "/"), String(foreign)).toBe("/");
  }
});
