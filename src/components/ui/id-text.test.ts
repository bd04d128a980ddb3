import { describe, expect, it } from "vitest";
import { cutMiddle, fingerprintText } from "./id-text";

describe("cutMiddle", () => {
  it("keeps the prefix and the last four of our own ids", () => {
    expect(cutMiddle("pay_7k2mq0c8tk2e7vyd1m9zba9qx4")).toBe("pay_7k2m…9qx4");
  });

  it("keeps the last four of a provider's number", () => {
    expect(cutMiddle("2026112022001487381402258061")).toBe("2026112022001…8061");
  });

  it("leaves short numbers whole", () => {
    expect(cutMiddle("SO20261120102846")).toBe("SO20261120102846");
  });
});

describe("fingerprintText", () => {
  it("shows twelve digits in three groups", () => {
    expect(fingerprintText("8c41d07e93b2ffee00")).toBe("8C41 D07E 93B2");
    expect(fingerprintText("8c:41:d0:7e:93:b2:ff")).toBe("8C41 D07E 93B2");
  });
});
