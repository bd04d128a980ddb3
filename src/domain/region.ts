/** Provinces, cities and districts of mainland China by their codes of GB/T 2260: what Alipay asks for in a shop's address. */

/** Code, name, districts; a city that has no districts (东莞, 中山, 儋州, 嘉峪关) leaves the third out. */
export type City = readonly [code: string, name: string, districts?: readonly District[]];
export type District = readonly [code: string, name: string];
export type Province = readonly [code: string, name: string, cities: readonly City[]];
export type RegionTable = readonly Province[];

/** The table weighs 20 KB on the wire and is read by few: it comes when it is asked for. Its source: docs/decisions/0008-region-codes.md. */
export const loadRegions = async (): Promise<RegionTable> => (await import("./region-table.json")).default as unknown as RegionTable;

export const citiesOf = (table: RegionTable, provinceCode: string): readonly City[] =>
  table.find(([code]) => code === provinceCode)?.[2] ?? [];

/** A city without districts is its own: Alipay wants a code at each of the three levels. */
export function districtsOf(table: RegionTable, cityCode: string): readonly District[] {
  const city = citiesOf(table, `${cityCode.slice(0, 2)}0000`).find(([code]) => code === cityCode);
  return city ? (city[2] ?? [[city[0], city[1]]]) : [];
}

export type AddressCodes = { provinceCode: string; cityCode: string; districtCode: string };

/** Whether the three belong together. A code that is newer than the table is not there either, so this is a hint and no verdict. */
export const isInTable = (table: RegionTable, { provinceCode, cityCode, districtCode }: AddressCodes): boolean =>
  cityCode.startsWith(provinceCode.slice(0, 2)) && districtsOf(table, cityCode).some(([code]) => code === districtCode);

/** 浙江省杭州市西湖区, 北京市东城区, 湖北省仙桃市: each name once, and not the levels that are there for the count alone. */
export function regionName(table: RegionTable, { provinceCode, cityCode, districtCode }: AddressCodes): string {
  const province = table.find(([code]) => code === provinceCode)?.[1];
  const city = citiesOf(table, provinceCode).find(([code]) => code === cityCode)?.[1];
  const district = districtsOf(table, cityCode).find(([code]) => code === districtCode)?.[1];
  const said = [province ?? provinceCode, city ?? cityCode, district ?? districtCode].filter((name) => !NO_PLACE.test(name));
  return [...new Set(said)].join("");
}

/** 县 of 重庆, 省直辖县级行政区划: a level of the code, no place. */
const NO_PLACE = /^县$|直辖县级行政区划$/;
