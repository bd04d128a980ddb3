import type { Id } from "~/lib/id";
import type { TenantVault } from "~/server/crypto/vault";
import type { MaskedPerson } from "~/server/db/schema";
import { maskEmail } from "~/server/services/member";

/** What of an application is personal: sealed as one text, shown masked (PII-01). */
export type SealedPerson = {
  account: string;
  contactName: string;
  contactMobile: string;
  contactEmail: string | null;
  businessLicenseNo: string | null;
  businessLicenseMobile: string | null;
  /** 服务市场订单凭证: a secret rather than a person's, never shown masked either. */
  orderTicket: string | null;
};

const placeOf = (orderId: Id<"facetoface">) => ({ table: "facetoface_order", column: "person_sealed", rowId: orderId });

export const sealPerson = (vault: TenantVault, orderId: Id<"facetoface">, person: SealedPerson): Buffer =>
  vault.seal(placeOf(orderId), JSON.stringify(person));

export const openPerson = (vault: TenantVault, orderId: Id<"facetoface">, sealed: Buffer): SealedPerson =>
  JSON.parse(vault.open(placeOf(orderId), sealed).toString("utf8"));

/** What lists and details show. */
export function maskPerson(person: SealedPerson): MaskedPerson {
  return {
    account: person.account.includes("@") ? maskEmail(person.account) : maskDigits(person.account),
    contactName: maskName(person.contactName),
    contactMobile: maskDigits(person.contactMobile),
    contactEmail: person.contactEmail === null ? null : maskEmail(person.contactEmail),
    businessLicenseNo:
      person.businessLicenseNo === null ? null : `${person.businessLicenseNo.slice(0, 4)}****${person.businessLicenseNo.slice(-4)}`,
    businessLicenseMobile: person.businessLicenseMobile === null ? null : maskDigits(person.businessLicenseMobile),
  };
}

/** 138****5678, 2088****3456. */
const maskDigits = (digits: string) => `${digits.slice(0, digits.startsWith("1") ? 3 : 4)}****${digits.slice(-4)}`;

/** 张*, 欧**: the first character stays. */
function maskName(name: string): string {
  const [first = "", ...others] = [...name];
  return first + "*".repeat(Math.min(Math.max(others.length, 1), 2));
}
