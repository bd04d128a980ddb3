import { CATEGORY_GROUPS } from "./mcc-table";

/**
 * Alipay's categories of merchants (商家经营类目 2.0), written `level1_level2`. The table holds those that Alipay publishes for individual
 * merchants (its repository of onboarding guides, November 2026); the whole list, which Alipay changes now and then, stands on a page for
 * people (`MCC_TABLE_URL`) and behind `ant.merchant.expand.mcc.query`. Every other code may be typed, and Alipay judges it.
 */
export type Category = { code: string; zh: string; en: string };

export const MCC_TABLE_URL = "https://opendocs.alipay.com/common/02khjv";

export const MCC_CATEGORIES: readonly Category[] = CATEGORY_GROUPS.flatMap(([above, zh, en, below]) =>
  below.map(([code, ownZh, ownEn]) => ({ code: `${above}_${code}`, zh: `${zh} / ${ownZh}`, en: `${en} / ${ownEn}` })),
);

const NAMES: ReadonlyMap<string, Omit<Category, "code">> = new Map([
  ...CATEGORY_GROUPS.map(([code, zh, en]) => [code, { zh, en }] as const),
  ...MCC_CATEGORIES.map(({ code, zh, en }) => [code, { zh, en }] as const),
]);

/** The name of a category, or of its first level; null where neither is known. */
export function categoryName(code: string, lang: "zh" | "en"): string | null {
  const known = NAMES.get(code) ?? NAMES.get(code.split("_", 1)[0] ?? "");
  return known?.[lang] ?? null;
}
