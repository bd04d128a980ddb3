import { expect, it } from "vitest";
import { isWorthKeeping, keptOf } from "./draft";
import { emptyValues, type FormValues } from "./values";

/** A mark in every text, to be looked for in what is kept. */
const marked: FormValues = {
  ...emptyValues(),
  merchantName: "MARK-merchant",
  account: "MARK-account",
  contactName: "MARK-contact",
  contactMobile: "MARK-mobile",
  contactEmail: "MARK-email",
  shopName: "MARK-shop",
  detail: "MARK-detail",
  businessLicenseNo: "MARK-licence",
  businessLicenseMobile: "MARK-legal",
  remark: "MARK-remark",
  orderTicket: "MARK-ticket",
  provinceCode: "330000",
  mccCode: "A0001_B0001",
  rate: "0.38",
};

it("keeps nothing personal of a form, nor any text in which somebody could be named", () => {
  const text = JSON.stringify(keptOf(marked));

  expect(text).not.toContain("MARK");
  expect(keptOf(marked)).toMatchObject({ provinceCode: "330000", mccCode: "A0001_B0001", rate: "0.38" });
});

it("is not worth keeping while only what is not kept was typed", () => {
  expect(isWorthKeeping(keptOf(emptyValues()))).toBe(false);
  expect(isWorthKeeping(keptOf({ ...emptyValues(), contactName: "沈予安" }))).toBe(false);
  expect(isWorthKeeping(keptOf({ ...emptyValues(), cityCode: "330100" }))).toBe(true);
});
