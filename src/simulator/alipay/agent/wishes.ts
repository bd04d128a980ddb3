/** Accounts that summon an outcome by themselves, as amounts do for payments: the word at the beginning, then one of `. - + @`. */
export const ACCOUNT_WISHES = {
  absent: { zh: "开启事务时答 MERCHANT_IS_NOT_EXIST", en: "create answers MERCHANT_IS_NOT_EXIST" },
  uncertified: { zh: "开启事务时答 MERCHANT_NOT_CERTIFIED", en: "create answers MERCHANT_NOT_CERTIFIED" },
  notisv: { zh: "开启事务时答 NOT_ISV_APP_TYPE", en: "create answers NOT_ISV_APP_TYPE" },
  inaudit: { zh: "提交资料时答 MERCHANT_SIGN_PRODUCT_IN_AUDIT", en: "the product call answers MERCHANT_SIGN_PRODUCT_IN_AUDIT" },
  hold: { zh: "首次提交后暂存，修正后进入审核", en: "held at the first confirm, in review after the correction" },
  approve: { zh: "提交后立即审核通过", en: "approved at once" },
  reject: { zh: "提交后立即驳回", en: "rejected at once" },
  silent: { zh: "首次提交成功但不回应", en: "the first confirm is done, but never answered" },
} as const satisfies Record<string, { zh: string; en: string }>;
export type AccountWish = keyof typeof ACCOUNT_WISHES;

/** `hold.7@example.com` wishes to be held; `holder@example.com` wishes nothing. */
export function wishOf(account: string): AccountWish | null {
  const word = /^([a-z]+)[.\-+@]/.exec(account)?.[1] ?? "";
  return Object.hasOwn(ACCOUNT_WISHES, word) ? (word as AccountWish) : null;
}
