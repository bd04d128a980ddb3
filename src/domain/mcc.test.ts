import { describe, expect, it } from "vitest";
import { MccSchema } from "./facetoface-input";
import { categoryName, MCC_CATEGORIES } from "./mcc";

describe("Alipay's categories", () => {
  it("each has a code that Alipay could take, once, and a name in both languages", () => {
    const codes = MCC_CATEGORIES.map(({ code }) => code);

    expect(codes.length).toBeGreaterThan(100);
    expect(new Set(codes).size).toBe(codes.length);
    expect(codes.filter((code) => !MccSchema.safeParse(code).success)).toEqual([]);
    expect(MCC_CATEGORIES.filter(({ zh, en }) => !/\p{Script=Han}/u.test(zh) || /\p{Script=Han}/u.test(en))).toEqual([]);
  });

  it("is named by its own code, else by the level above it, else not at all", () => {
    expect(categoryName("A0001_B0012", "zh")).toBe("餐饮 / 咖啡馆/茶馆");
    expect(categoryName("A0001_B0012", "en")).toBe("Catering / Cafés and teahouses");
    expect(categoryName("A0001_B9999", "zh")).toBe("餐饮");
    expect(categoryName("A9999_B0001", "zh")).toBeNull();
  });
});
