import { describe, expect, it } from "vitest";
import { citiesOf, districtsOf, isInTable, loadRegions, regionName } from "./region";

const table = await loadRegions();
const named = (provinceCode: string, cityCode: string, districtCode: string) => regionName(table, { provinceCode, cityCode, districtCode });

describe("the table of regions", () => {
  it("holds every province of the mainland, each with cities, each with districts", () => {
    expect(table).toHaveLength(31);
    expect(table.filter(([, , cities]) => cities.length === 0)).toEqual([]);
    expect(table.flatMap(([, , cities]) => cities)).toHaveLength(342);
    expect(table.flatMap(([, , cities]) => cities.flatMap(([code]) => districtsOf(table, code)))).toHaveLength(2_855);
  });

  it("names each code once, under the city and the province that it begins with", () => {
    const misplaced = table.flatMap(([province, , cities]) =>
      cities.flatMap(([city, , districts = []]) => [
        ...(city.startsWith(province.slice(0, 2)) ? [] : [city]),
        ...districts.filter(([district]) => !district.startsWith(city.slice(0, 4))).map(([district]) => district),
      ]),
    );
    const codes = table.flatMap(([province, , cities]) => [
      province,
      ...cities.flatMap(([city, , districts = []]) => [city, ...districts.map(([district]) => district)]),
    ]);

    expect(misplaced).toEqual([]);
    expect(codes.filter((code) => !/^\d{6}$/.test(code))).toEqual([]);
    expect(new Set(codes).size).toBe(codes.length);
  });

  it("knows what changed lately and nothing that the standard does not know", () => {
    const codes = new Set(table.flatMap(([, , cities]) => cities.flatMap(([city]) => districtsOf(table, city).map(([code]) => code))));

    // 钱塘区 and 临平区 of 杭州, 白杨市, 米林市
    for (const code of ["330114", "330113", "659012", "540481"]) expect(codes).toContain(code);
    // 港闸区 is gone; 苏州工业园区 is a zone and no district
    for (const code of ["320611", "320571"]) expect(codes).not.toContain(code);
  });
});

describe("an address", () => {
  it("names each place once", () => {
    expect(named("330000", "330100", "330106")).toBe("浙江省杭州市西湖区");
    expect(named("110000", "110100", "110101")).toBe("北京市东城区");
    expect(named("500000", "500200", "500229")).toBe("重庆市城口县");
    expect(named("420000", "429000", "429004")).toBe("湖北省仙桃市");
    expect(named("440000", "441900", "441900")).toBe("广东省东莞市");
  });

  it("shows a code that the table does not know as it stands", () => {
    expect(named("330000", "330100", "330199")).toBe("浙江省杭州市330199");
  });

  it("is in the table when the three belong together", () => {
    expect(isInTable(table, { provinceCode: "330000", cityCode: "330100", districtCode: "330106" })).toBe(true);
    expect(isInTable(table, { provinceCode: "440000", cityCode: "441900", districtCode: "441900" })).toBe(true);
    expect(isInTable(table, { provinceCode: "330000", cityCode: "320100", districtCode: "320102" })).toBe(false);
    expect(isInTable(table, { provinceCode: "330000", cityCode: "330100", districtCode: "330203" })).toBe(false);
  });

  it("offers nothing below what is unknown", () => {
    expect(citiesOf(table, "990000")).toEqual([]);
    expect(districtsOf(table, "990100")).toEqual([]);
  });
});
