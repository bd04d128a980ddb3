import { sql } from "drizzle-orm";
import { boolean, check, date, foreignKey, index, integer, jsonb, primaryKey, text, unique, uniqueIndex } from "drizzle-orm/pg-core";
import {
  BATCH_ENDS,
  type BatchEnd,
  FACETOFACE_CLOSE_REASONS,
  FACETOFACE_PICTURES,
  type FacetofaceCloseReason,
  type FacetofacePicture,
  type FacetofaceStatus,
  facetofaceMachine,
  SUBMIT_STEPS,
  type SubmitStep,
} from "~/domain/facetoface";
import { PICTURE_TYPES, type PictureType } from "~/domain/picture";
import { app, bytea, id, instant, oneOf, tenantId } from "../columns";
import { channel } from "./channel";
import { tenant } from "./tenant";

/** What a list may show of what is sealed: each value masked. */
export type MaskedPerson = {
  account: string;
  contactName: string;
  contactMobile: string;
  contactEmail: string | null;
  businessLicenseNo: string | null;
  businessLicenseMobile: string | null;
};

export type StoredAddress = {
  provinceCode: string;
  cityCode: string;
  districtCode: string;
  detail: string;
  longitude: string | null;
  latitude: string | null;
};

/** 当面付代开通申请单 (seed: pay_facetoface_order). */
export const facetofaceOrder = app.table(
  "facetoface_order",
  {
    tenantId: tenantId().references(() => tenant.id),
    id: id("facetoface").notNull(),
    channelId: id("channel").notNull(),
    status: text().$type<FacetofaceStatus>().notNull(),
    /** How far the submission has come; compare-and-set with each call. */
    step: text().$type<SubmitStep>().notNull(),
    /** Whoever makes a call of the submission holds the row until then; later, somebody else may go on. */
    stepLeaseUntil: instant(),
    /** The batch in use at Alipay; earlier ones are in facetoface_batch. */
    batchNo: text(),
    /** Alipay's number of the application, from its confirmation. */
    orderNo: text(),
    merchantName: text().notNull(),
    shopName: text().notNull(),
    shopAddress: jsonb().$type<StoredAddress>().notNull(),
    mccCode: text().notNull(),
    /** Percent as text, "0.38" to "0.60". */
    rate: text(),
    signAndAuth: boolean().notNull(),
    /** JSON of account, contact, licence number and mobile, order ticket: `SealedPerson` of services/facetoface/person.ts. */
    personSealed: bytea().notNull(),
    masked: jsonb().$type<MaskedPerson>().notNull(),
    licenseLongTerm: boolean().notNull(),
    licenseValidUntil: date({ mode: "string" }),
    remark: text(),
    /** Alipay's own word for it, such as MERCHANT_AUDITING. */
    providerState: text(),
    merchantPid: text(),
    /** Each product's state as Alipay last said. */
    products: jsonb().$type<{ code: string; name: string | null; status: string; rejectReason: string | null }[]>(),
    confirmUrl: text(),
    confirmExpiresAt: instant(),
    remindCount: integer().notNull().default(0),
    lastRemindAt: instant(),
    rejectReason: text(),
    closeReason: text().$type<FacetofaceCloseReason>(),
    /** Alipay's refusal of a submission that waits for a person. */
    failureCode: text(),
    failureReason: text(),
    /** JSON of the tokens that the pre-authorised mode returns. */
    tokensSealed: bytea(),
    tokenExpiresAt: instant(),
    /** The application that this one follows. */
    reapplyOf: id("facetoface"),
    queryCount: integer().notNull().default(0),
    lastQueryAt: instant(),
    /** When the worker asks next; null when there is nothing to ask. Moved ahead as a lease before each question. */
    nextQueryAt: instant(),
    submittedAt: instant(),
    heldAt: instant(),
    approvedAt: instant(),
    endedAt: instant(),
    createdBy: text().notNull(),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({ columns: [t.tenantId, t.channelId], foreignColumns: [channel.tenantId, channel.id], name: "facetoface_order_channel" }),
    foreignKey({ columns: [t.tenantId, t.reapplyOf], foreignColumns: [t.tenantId, t.id], name: "facetoface_order_reapply_of" }),
    unique("facetoface_order_batch_no").on(t.tenantId, t.batchNo),
    check("facetoface_order_status", oneOf(t.status, facetofaceMachine.states)),
    check("facetoface_order_step", oneOf(t.step, SUBMIT_STEPS)),
    check("facetoface_order_close_reason", sql`(${t.status} = 'closed') = (${t.closeReason} is not null)`),
    check("facetoface_order_close_word", sql`${t.closeReason} is null or ${oneOf(t.closeReason, FACETOFACE_CLOSE_REASONS)}`),
    check("facetoface_order_ended", sql`(${t.status} in ('success', 'closed')) = (${t.endedAt} is not null)`),
    check("facetoface_order_asked", sql`${t.endedAt} is null or ${t.nextQueryAt} is null`),
    index("facetoface_order_created").on(t.tenantId, t.createdAt, t.id),
    index("facetoface_order_status_created").on(t.tenantId, t.status, t.createdAt, t.id),
    index("facetoface_order_due").on(t.tenantId, t.nextQueryAt).where(sql`${t.nextQueryAt} is not null`),
    // Search by the beginning of a name, by Alipay's number, and by what an application follows.
    index("facetoface_order_merchant_prefix").on(t.tenantId, t.merchantName.op("text_pattern_ops")),
    index("facetoface_order_shop_prefix").on(t.tenantId, t.shopName.op("text_pattern_ops")),
    index("facetoface_order_order_no").on(t.tenantId, t.orderNo),
    index("facetoface_order_followed").on(t.tenantId, t.reapplyOf).where(sql`${t.reapplyOf} is not null`),
  ],
);

/** Every batch that we opened at Alipay for an application: one of them is submitted, the others end cancelled or expired. */
export const facetofaceBatch = app.table(
  "facetoface_batch",
  {
    tenantId: tenantId(),
    batchNo: text().notNull(),
    orderId: id("facetoface").notNull(),
    openedAt: instant().notNull(),
    end: text().$type<BatchEnd>(),
    endedAt: instant(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.batchNo] }),
    foreignKey({
      columns: [t.tenantId, t.orderId],
      foreignColumns: [facetofaceOrder.tenantId, facetofaceOrder.id],
      name: "facetoface_batch_order",
    }),
    check("facetoface_batch_end", sql`${t.end} is null or ${oneOf(t.end, BATCH_ENDS)}`),
    check("facetoface_batch_ended", sql`(${t.end} is null) = (${t.endedAt} is null)`),
    uniqueIndex("facetoface_batch_submitted").on(t.tenantId, t.orderId).where(sql`${t.end} = 'submitted'`),
    index("facetoface_batch_of_order").on(t.tenantId, t.orderId, t.openedAt),
  ],
);

/** 接口记录: what Alipay answered to the calls of an application, without what was sent. Never deleted, changed by key rotation alone. */
export const facetofaceCall = app.table(
  "facetoface_call",
  {
    tenantId: tenantId(),
    id: id("call").notNull(),
    orderId: id("facetoface").notNull(),
    batchNo: text(),
    method: text().notNull(),
    outcome: text().$type<"ok" | "declined" | "unavailable" | "unknown">().notNull(),
    /** Alipay's code, or ours for what went wrong on the way; null when ok. */
    code: text(),
    /** The verified text of the answer; null where there is none to believe. */
    answerSealed: bytea(),
    ms: integer().notNull(),
    at: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({
      columns: [t.tenantId, t.orderId],
      foreignColumns: [facetofaceOrder.tenantId, facetofaceOrder.id],
      name: "facetoface_call_order",
    }),
    check("facetoface_call_outcome", oneOf(t.outcome, ["ok", "declined", "unavailable", "unknown"])),
    index("facetoface_call_of_order").on(t.tenantId, t.orderId, t.at),
  ],
);

/** 图片: what somebody uploaded, judged by content, sealed. One that nothing uses is removed after a day. */
export const picture = app.table(
  "picture",
  {
    tenantId: tenantId().references(() => tenant.id),
    id: id("picture").notNull(),
    type: text().$type<PictureType>().notNull(),
    bytes: integer().notNull(),
    /** SHA-256 of the plain bytes, lower-case hex. */
    sha256: text().notNull(),
    contentSealed: bytea().notNull(),
    createdBy: text().notNull(),
    createdAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    check("picture_type", oneOf(t.type, PICTURE_TYPES)),
    check("picture_bytes", sql`${t.bytes} between 5120 and 5242880`),
    index("picture_created").on(t.tenantId, t.createdAt),
  ],
);

/** Which picture stands in which slot of an application. */
export const facetofacePicture = app.table(
  "facetoface_picture",
  {
    tenantId: tenantId(),
    orderId: id("facetoface").notNull(),
    slot: text().$type<FacetofacePicture>().notNull(),
    pictureId: id("picture").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.orderId, t.slot] }),
    foreignKey({
      columns: [t.tenantId, t.orderId],
      foreignColumns: [facetofaceOrder.tenantId, facetofaceOrder.id],
      name: "facetoface_picture_order",
    }),
    foreignKey({ columns: [t.tenantId, t.pictureId], foreignColumns: [picture.tenantId, picture.id], name: "facetoface_picture_picture" }),
    check("facetoface_picture_slot", oneOf(t.slot, FACETOFACE_PICTURES)),
    index("facetoface_picture_of").on(t.tenantId, t.pictureId),
  ],
);
