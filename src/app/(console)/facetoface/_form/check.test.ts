import { expect, it } from "vitest";
import { newId } from "~/lib/id";
import { checkCreate, checkRevise } from "./check";
import { emptyValues, type FormValues } from "./values";

const keys = { idempotencyKey: "k".repeat(26), reapplyOf: null };
const whole = (changed: Partial<FormValues> = {}): FormValues => ({
  ...emptyValues(),
  channelId: newId("channel"),
  merchantName: "杭州禾川餐饮有限公司",
  account: "shop@example.com",
  contactName: "沈予安",
  contactMobile: "13800138000",
  shopName: "禾川面馆 文三路店",
  provinceCode: "330000",
  cityCode: "330100",
  districtCode: "330106",
  detail: "文三路 90 号 1 楼",
  mccCode: "A0001_B0001",
  ...changed,
});
const picture = { id: newId("picture"), type: "jpg", bytes: 90_000 } as const;
const reasonsFor = (changed: Partial<FormValues>) => checkCreate(whole(changed), keys).reasons;

it("takes an application with what is needed and leaves the rest null", () => {
  const { input, reasons } = checkCreate(whole(), keys);

  expect(reasons).toBeNull();
  expect(input).toMatchObject({
    shopAddress: { provinceCode: "330000", cityCode: "330100", districtCode: "330106", detail: "文三路 90 号 1 楼" },
    rate: null,
    contactEmail: null,
    businessLicenseNo: null,
    pictures: {},
    idempotencyKey: keys.idempotencyKey,
  });
});

it("says of an empty form what is missing, all at once, and nothing of what may stay empty", () => {
  const { reasons } = checkCreate(emptyValues(), keys);

  expect(reasons).toEqual({
    channelId: "missing",
    merchantName: "missing",
    account: "missing",
    contactName: "missing",
    contactMobile: "missing",
    shopName: "missing",
    provinceCode: "missing",
    cityCode: "missing",
    districtCode: "missing",
    detail: "missing",
    mccCode: "missing",
  });
});

it("reads numbers as people write them", () => {
  const { input } = checkCreate(
    whole({
      contactMobile: "+86 138-0013-8000",
      account: " 2088 1234 5678 9012 ",
      rate: "0.38 %",
      mccCode: "a0001_b0001",
      businessLicenseNo: "",
    }),
    keys,
  );

  expect(input).toMatchObject({ contactMobile: "13800138000", account: "2088123456789012", rate: "0.38", mccCode: "A0001_B0001" });
});

it.each<[Partial<FormValues>, object]>([
  [{ contactMobile: "12345" }, { contactMobile: "not_a_mobile" }],
  [{ account: "nobody" }, { account: "not_an_account" }],
  [{ contactEmail: "a@b" }, { contactEmail: "not_an_email" }],
  [{ mccCode: "5812" }, { mccCode: "not_a_category" }],
  [{ rate: "0.6.1" }, { rate: "not_a_rate" }],
  [{ rate: "0.37" }, { rate: "rate_out_of_range" }],
  [{ rate: "0.61" }, { rate: "rate_out_of_range" }],
  [{ signAndAuth: true }, { rate: "rate_needed" }],
  [{ businessLicenseNo: "123" }, { businessLicenseNo: "not_a_licence_number", licenseValidUntil: "validity_needed" }],
  [{ businessLicenseNo: "91330100799655058B" }, { licenseValidUntil: "validity_needed" }],
  [{ licenseValidUntil: "2027-02-30" }, { licenseValidUntil: "not_a_date" }],
  [{ pictures: { ...emptyValues().pictures, business_license: picture } }, { businessLicenseNo: "licence_number_needed" }],
  [{ merchantName: "字".repeat(129) }, { merchantName: "too_long" }],
  [{ detail: "一行\n又一行" }, { detail: "control_characters" }],
])("says why %o does not fit", (changed, reasons) => {
  expect(reasonsFor(changed)).toEqual(reasons);
});

it("drops a date that stands beside a licence without expiry", () => {
  const { input } = checkCreate(
    whole({ licenseLongTerm: true, licenseValidUntil: "2030-01-01", businessLicenseNo: "91330100799655058B" }),
    keys,
  );

  expect(input).toMatchObject({ licenseLongTerm: true, licenseValidUntil: null });
});

it("tells what fields mean together also while others do not fit", () => {
  expect(reasonsFor({ signAndAuth: true, contactMobile: "1" })).toEqual({ contactMobile: "not_a_mobile", rate: "rate_needed" });
});

it("sends a correction without what cannot change", () => {
  const orderId = newId("facetoface");
  const { input } = checkRevise(whole({ orderTicket: "TICKET_1", pictures: { ...emptyValues().pictures, shop_scene: picture } }), orderId);

  expect(input).toMatchObject({ orderId, shopName: "禾川面馆 文三路店", pictures: { shop_scene: picture.id } });
  expect(Object.keys(input ?? {})).not.toEqual(expect.arrayContaining(["channelId"]));
  expect(Object.keys(input ?? {})).not.toEqual(expect.arrayContaining(["account"]));
  expect(Object.keys(input ?? {})).not.toEqual(expect.arrayContaining(["orderTicket"]));
});
