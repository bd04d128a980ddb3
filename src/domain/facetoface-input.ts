import { z } from "zod";
import { CivilDateSchema } from "./civil-date";
import { FACETOFACE_PICTURES, type FacetofacePicture, facetofaceMachine } from "./facetoface";
import { IdempotencyKeySchema, idOf } from "./payment-input";

/** Inputs of 当面付 applications: what the form and the procedures accept before Alipay is called (IN-01). Lengths are Alipay's where it states them. */

// Control characters, line separators and halves of characters have no place in a line of text.
const line = (max: number) =>
  z
    .string()
    .transform((text) => text.normalize("NFC").trim())
    .pipe(
      z
        .string()
        .min(1)
        .max(max)
        .regex(/^[^\p{Cc}\p{Zl}\p{Zp}\p{Cs}]*$/u, { error: "control_characters" }),
    );

/** Mainland mobile, 11 digits. */
export const MobileSchema = z.string().regex(/^1[3-9]\d{9}$/, { error: "not_a_mobile" });
/** `L1_L2` of Alipay's table of categories. */
export const MccSchema = z.string().regex(/^[A-Z]?\d{4}_[A-Z]?\d{4}$/, { error: "not_a_category" });
/** Percent with at most two decimals, as text: 0.38 to 0.60. Alipay reads it as text, and so do we: never a float. */
export const RateSchema = z
  .string()
  .regex(/^0\.\d{1,2}$/, { error: "not_a_rate" })
  .refine((text) => {
    // Text that is no rate comes here as well, and must not be more than refused.
    const hundredths = text.slice(2).padEnd(2, "0");
    return hundredths >= "38" && hundredths <= "60";
  }, "rate_out_of_range");
/** 统一社会信用代码 (18) or the older 工商注册号 (15). */
export const LicenceNoSchema = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^(?:[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}|\d{15})$/, { error: "not_a_licence_number" });
/** Six digits of GB/T 2260: a province, a city, a district. */
const RegionCode = z.string().regex(/^\d{6}$/);
const Degrees = z.string().regex(/^-?\d{1,3}(\.\d{1,8})?$/);

export const ShopAddressSchema = z.strictObject({
  provinceCode: RegionCode,
  cityCode: RegionCode,
  districtCode: RegionCode,
  detail: line(200),
  longitude: Degrees.nullish(),
  latitude: Degrees.nullish(),
});
export type ShopAddress = z.output<typeof ShopAddressSchema>;

/** A day until which the licence is valid; one that the calendar has. */
const LicenceDay = z.iso.date().regex(/^2/);

/** Ids of uploaded pictures by slot; a slot that is left out or null is empty. */
const Pictures = z.partialRecord(z.enum(FACETOFACE_PICTURES), idOf("picture").nullable());

/** Who applies: sealed when stored, and shown masked alone. */
const person = {
  /** The merchant's Alipay login (email or mobile) or PID. */
  account: line(100).pipe(z.string().regex(/^(?:[^\s@]+@[^\s@]+\.[^\s@]+|1[3-9]\d{9}|2088\d{12})$/, { error: "not_an_account" })),
  contactName: line(20),
  contactMobile: MobileSchema,
  contactEmail: z.email().max(128).nullish(),
  businessLicenseNo: LicenceNoSchema.nullish(),
  /** When the licence is not the signer's: its legal person's mobile. */
  businessLicenseMobile: MobileSchema.nullish(),
};
/**
 * A person who corrects an application, or applies again after it, sees these masked. What is left out stays as it was; null says that
 * there is none. A new application needs the first three.
 */
const NEEDED_OF_PERSON = ["account", "contactName", "contactMobile"] as const;
const keptPerson = {
  ...person,
  account: person.account.optional(),
  contactName: person.contactName.optional(),
  contactMobile: person.contactMobile.optional(),
};

const application = {
  ...keptPerson,
  channelId: idOf("channel"),
  merchantName: line(128),
  shopName: line(128),
  shopAddress: ShopAddressSchema,
  mccCode: MccSchema,
  rate: RateSchema.nullish(),
  signAndAuth: z.boolean().default(false),
  licenseLongTerm: z.boolean().default(false),
  licenseValidUntil: LicenceDay.nullish(),
  /** 服务市场订单凭证: switches Alipay to its pre-authorised mode, without the merchant's confirmation. */
  orderTicket: line(200).nullish(),
  remark: line(500).nullish(),
  pictures: Pictures.default({}),
};

type Checked = {
  signAndAuth: boolean;
  rate?: string | null;
  licenseLongTerm: boolean;
  licenseValidUntil?: string | null;
  businessLicenseNo?: string | null;
  pictures: Partial<Record<FacetofacePicture, string | null>>;
};
type Issue = { path: string[]; message: string };

/** What depends on more than one field. Where the licence's number is undefined, it may be one that is kept: whoever takes it over asks again. */
export function crossIssues(input: Checked): Issue[] {
  const issues: Issue[] = [];
  if (input.signAndAuth && !input.rate) issues.push({ path: ["rate"], message: "rate_needed" });
  if (input.businessLicenseNo && !input.licenseLongTerm && !input.licenseValidUntil)
    issues.push({ path: ["licenseValidUntil"], message: "validity_needed" });
  if (input.licenseLongTerm && input.licenseValidUntil) issues.push({ path: ["licenseValidUntil"], message: "validity_twice" });
  // A picture of a licence without its number says nothing about whose it is; Alipay refuses it.
  if (input.businessLicenseNo === null && (input.pictures.business_license || input.pictures.business_license_auth))
    issues.push({ path: ["businessLicenseNo"], message: "licence_number_needed" });
  return issues;
}

type Begun = Checked & { reapplyOf?: string | null } & Partial<Record<(typeof NEEDED_OF_PERSON)[number], string>>;

export const CreateFacetoface = z
  .strictObject({
    idempotencyKey: IdempotencyKeySchema.optional(),
    ...application,
    /** A rejected or closed application that this one follows. */
    reapplyOf: idOf("facetoface").nullish(),
  })
  .superRefine((input: Begun, context) => {
    const missing = input.reapplyOf ? [] : NEEDED_OF_PERSON.filter((name) => input[name] === undefined);
    for (const name of missing) context.addIssue({ code: "custom", path: [name], message: "needed" });
    const known = input.reapplyOf ? input : { ...input, businessLicenseNo: input.businessLicenseNo ?? null };
    for (const issue of crossIssues(known)) context.addIssue({ code: "custom", ...issue });
  });
export type CreateFacetofaceInput = z.output<typeof CreateFacetoface>;

/** A correction of what Alipay held, or of what it refused at submission: the whole application anew, channel and account stay. */
const { channelId: _channel, account: _account, orderTicket: _ticket, ...revisable } = application;
export const ReviseFacetoface = z.strictObject({ orderId: idOf("facetoface"), ...revisable }).superRefine((input: Checked, context) => {
  for (const issue of crossIssues(input)) context.addIssue({ code: "custom", ...issue });
});
export type ReviseFacetofaceInput = z.output<typeof ReviseFacetoface>;

export const FacetofaceRef = z.strictObject({ orderId: idOf("facetoface") });
export const WithdrawFacetoface = z.strictObject({ orderId: idOf("facetoface"), reason: line(200) });

export const ListFacetoface = z.strictObject({
  /** A batch or order number or one of our ids exactly; or the beginning of a merchant's or shop's name. */
  q: line(64).optional(),
  status: z.enum([...facetofaceMachine.states, "attention"]).optional(),
  /** Beijing days of creation, both ends included. */
  from: CivilDateSchema.optional(),
  to: CivilDateSchema.optional(),
  cursor: z.string().max(200).optional(),
  limit: z.number().int().min(1).max(100).default(50),
});
export type ListFacetofaceInput = z.output<typeof ListFacetoface>;
