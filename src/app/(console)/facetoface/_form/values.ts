import { FACETOFACE_PICTURES, type FacetofacePicture } from "~/domain/facetoface";
import type { PictureType } from "~/domain/picture";
import type { RouterOutputs } from "~/trpc/client";

/** A picture that the house has taken in; the form knows it by its id alone. */
export type Uploaded = { id: string; type: PictureType; bytes: number };
export type Pictures = Record<FacetofacePicture, Uploaded | null>;

/** What stands in the fields, as people type it. */
export type FormValues = {
  channelId: string;
  merchantName: string;
  account: string;
  contactName: string;
  contactMobile: string;
  contactEmail: string;
  shopName: string;
  provinceCode: string;
  cityCode: string;
  districtCode: string;
  detail: string;
  /** Not asked for; kept when an application that has them is corrected. */
  longitude: string;
  latitude: string;
  mccCode: string;
  rate: string;
  signAndAuth: boolean;
  businessLicenseNo: string;
  businessLicenseMobile: string;
  licenseLongTerm: boolean;
  licenseValidUntil: string;
  remark: string;
  orderTicket: string;
  pictures: Pictures;
};
export type FieldName = keyof FormValues;

const noPictures = (): Pictures => Object.fromEntries(FACETOFACE_PICTURES.map((slot) => [slot, null])) as Pictures;

export const emptyValues = (): FormValues => ({
  channelId: "",
  merchantName: "",
  account: "",
  contactName: "",
  contactMobile: "",
  contactEmail: "",
  shopName: "",
  provinceCode: "",
  cityCode: "",
  districtCode: "",
  detail: "",
  longitude: "",
  latitude: "",
  mccCode: "",
  rate: "",
  signAndAuth: false,
  businessLicenseNo: "",
  businessLicenseMobile: "",
  licenseLongTerm: false,
  licenseValidUntil: "",
  remark: "",
  orderTicket: "",
  pictures: noPictures(),
});

export type Order = RouterOutputs["facetoface"]["get"];
export type Person = RouterOutputs["facetoface"]["unmask"];

/** An application that stands already. A ticket of the service market is good for one submission, so it is not taken over. */
export function valuesOf(order: Order, person: Person): FormValues {
  const pictures = noPictures();
  for (const { slot, pictureId, type, bytes } of order.pictures) pictures[slot] = { id: pictureId, type, bytes };
  return {
    channelId: order.channelId,
    merchantName: order.merchantName,
    account: person.account,
    contactName: person.contactName,
    contactMobile: person.contactMobile,
    contactEmail: person.contactEmail ?? "",
    shopName: order.shopName,
    provinceCode: order.shopAddress.provinceCode,
    cityCode: order.shopAddress.cityCode,
    districtCode: order.shopAddress.districtCode,
    detail: order.shopAddress.detail,
    longitude: order.shopAddress.longitude ?? "",
    latitude: order.shopAddress.latitude ?? "",
    mccCode: order.mccCode,
    rate: order.rate ?? "",
    signAndAuth: order.signAndAuth,
    businessLicenseNo: person.businessLicenseNo ?? "",
    businessLicenseMobile: person.businessLicenseMobile ?? "",
    licenseLongTerm: order.licenseLongTerm,
    licenseValidUntil: order.licenseValidUntil ?? "",
    remark: order.remark ?? "",
    orderTicket: "",
    pictures,
  };
}

/** Mobiles as people write them: +86 138-0013-8000. */
const digits = (text: string) =>
  text
    .replace(/[\s()（）-]/g, "")
    .replace(/^(?:\+?86)(?=1\d{10}$)/, "")
    .trim();
const orNull = (text: string): string | null => text.trim() || null;

/** What the procedures take, before it is checked: fields that belong together joined, empty ones null. */
function applicationOf(values: FormValues) {
  const pictures = FACETOFACE_PICTURES.flatMap((slot) => {
    const id = values.pictures[slot]?.id;
    return id ? [[slot, id] as const] : [];
  });
  return {
    merchantName: values.merchantName,
    contactName: values.contactName,
    contactMobile: digits(values.contactMobile),
    contactEmail: orNull(values.contactEmail),
    shopName: values.shopName,
    shopAddress: {
      provinceCode: values.provinceCode,
      cityCode: values.cityCode,
      districtCode: values.districtCode,
      detail: values.detail,
      longitude: orNull(values.longitude),
      latitude: orNull(values.latitude),
    },
    mccCode: values.mccCode.trim().toUpperCase(),
    rate: orNull(values.rate.replace(/[\s%％]/g, "")),
    signAndAuth: values.signAndAuth,
    businessLicenseNo: orNull(values.businessLicenseNo.replace(/\s/g, "").toUpperCase()),
    businessLicenseMobile: orNull(digits(values.businessLicenseMobile)),
    licenseLongTerm: values.licenseLongTerm,
    licenseValidUntil: values.licenseLongTerm ? null : orNull(values.licenseValidUntil),
    remark: orNull(values.remark),
    pictures: Object.fromEntries(pictures),
  };
}

export const createInputOf = (values: FormValues, { idempotencyKey, reapplyOf }: { idempotencyKey: string; reapplyOf: string | null }) => ({
  ...applicationOf(values),
  channelId: values.channelId,
  account: accountOf(values.account),
  orderTicket: orNull(values.orderTicket),
  idempotencyKey,
  reapplyOf,
});

export const reviseInputOf = (values: FormValues, orderId: string) => ({ ...applicationOf(values), orderId });

/** A mobile or a PID may be written with spaces; in an address they are a slip. */
const accountOf = (text: string): string => (text.includes("@") ? text.trim() : digits(text));

/** Which field a path of the input stands in. */
export function fieldOf(path: readonly PropertyKey[]): FieldName {
  const [first, second] = path.map(String);
  return (first === "shopAddress" ? (second ?? "detail") : first) as FieldName;
}
