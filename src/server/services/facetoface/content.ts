import { and, eq } from "drizzle-orm";
import { FACETOFACE_PICTURES } from "~/domain/facetoface";
import { type CreateFacetofaceInput, crossIssues, type ReviseFacetofaceInput } from "~/domain/facetoface-input";
import { AppError } from "~/lib/errors";
import type { Id } from "~/lib/id";
import type { Ctx } from "~/server/context";
import type { TenantVault } from "~/server/crypto/vault";
import type { Tx } from "~/server/db/client";
import { facetofacePicture } from "~/server/db/schema";
import { holdPictures } from "~/server/services/picture";
import { maskPerson, type SealedPerson, sealPerson } from "./person";

type Content = Omit<ReviseFacetofaceInput, "orderId"> & Pick<Partial<CreateFacetofaceInput>, "account" | "orderTicket">;

/**
 * What is stored of an application: its columns, and the person sealed under its id. What the input leaves out of the person stays as
 * it was in `former`. Throws `invalid_input` where what was kept does not fit the rest.
 */
export function contentOf(vault: TenantVault, id: Id<"facetoface">, input: Content, former: SealedPerson | null) {
  const person = personOf(input, former);
  const [issue] = crossIssues({ ...input, businessLicenseNo: person.businessLicenseNo });
  if (issue) throw new AppError("invalid_input", issue.message, { field: issue.path.join("."), reason: issue.message });
  const { shopAddress: address } = input;
  return {
    merchantName: input.merchantName,
    shopName: input.shopName,
    shopAddress: { ...address, longitude: address.longitude ?? null, latitude: address.latitude ?? null },
    mccCode: input.mccCode,
    rate: input.rate ?? null,
    signAndAuth: input.signAndAuth,
    licenseLongTerm: input.licenseLongTerm,
    licenseValidUntil: input.licenseValidUntil ?? null,
    remark: input.remark ?? null,
    personSealed: sealPerson(vault, id, person),
    masked: maskPerson(person),
  };
}

function personOf(input: Content, former: SealedPerson | null): SealedPerson {
  const needed = (name: "account" | "contactName" | "contactMobile"): string => {
    const value = input[name] ?? former?.[name];
    if (value === undefined) throw new AppError("invalid_input", `${name} is needed`, { field: name, reason: "needed" });
    return value;
  };
  const kept = (name: "contactEmail" | "businessLicenseNo" | "businessLicenseMobile" | "orderTicket"): string | null => {
    const value = input[name];
    return value === undefined ? (former?.[name] ?? null) : value;
  };
  return {
    account: needed("account"),
    contactName: needed("contactName"),
    contactMobile: needed("contactMobile"),
    contactEmail: kept("contactEmail"),
    businessLicenseNo: kept("businessLicenseNo"),
    businessLicenseMobile: kept("businessLicenseMobile"),
    orderTicket: kept("orderTicket"),
  };
}

/** Puts pictures of this tenant into the slots of an application, in place of those that stood there. Throws `not_found`. */
export async function linkPictures(tx: Tx, ctx: Ctx, orderId: Id<"facetoface">, pictures: Content["pictures"]): Promise<void> {
  const links = FACETOFACE_PICTURES.flatMap((slot) => {
    const pictureId = pictures[slot];
    return pictureId ? [{ tenantId: ctx.tenantId, orderId, slot, pictureId }] : [];
  });
  const ids = new Set(links.map(({ pictureId }) => pictureId));
  if ((await holdPictures(tx, ctx, [...ids])).size < ids.size) throw new AppError("not_found", "picture", { what: "picture" });
  await tx.delete(facetofacePicture).where(and(eq(facetofacePicture.tenantId, ctx.tenantId), eq(facetofacePicture.orderId, orderId)));
  if (links.length > 0) await tx.insert(facetofacePicture).values(links);
}
