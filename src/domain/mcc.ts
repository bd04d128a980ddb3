/**
 * Alipay's categories of merchants (商家经营类目 2.0), written `level1_level2`. Alipay publishes the whole table on a page that is made for
 * people (`MCC_TABLE_URL`) and by `ant.merchant.expand.mcc.query`, and changes it now and then. Only codes whose names Alipay gives in its
 * public material stand here; every other code of that table may be typed, and Alipay judges it.
 */
export type Category = { code: string; zh: string; en: string };

export const MCC_TABLE_URL = "https://opendocs.alipay.com/common/02khjv";

export const MCC_CATEGORIES: readonly Category[] = [
  { code: "A0002_B0114", zh: "零售批发 / 互联网综合电商平台", en: "Retail and wholesale / General online marketplace" },
  { code: "A0002_B0115", zh: "零售批发 / 互联网垂直电商平台", en: "Retail and wholesale / Specialised online marketplace" },
  { code: "A0003_B0112", zh: "商业生活服务 / 在线工具", en: "Business and consumer services / Online tools" },
];

/** Names of the first level, for codes whose second level is not known here. */
const LEVEL_ONE: Readonly<Record<string, Omit<Category, "code">>> = {
  A0002: { zh: "零售批发", en: "Retail and wholesale" },
  A0003: { zh: "商业生活服务", en: "Business and consumer services" },
};

/** The name of a category, or of its first level; null where neither is known. */
export function categoryName(code: string, lang: "zh" | "en"): string | null {
  const known = MCC_CATEGORIES.find((category) => category.code === code) ?? LEVEL_ONE[code.split("_", 1)[0] ?? ""];
  return known?.[lang] ?? null;
}
