import type { FacetofacePicture, ProviderOrderState } from "~/domain/facetoface";
import type { Secret } from "~/lib/secret";
import type { AlipayChannel, CallOptions } from "./port";

/** 代商户签约 (`alipay.open.agent.*`): what the house asks of Alipay when it applies for a merchant. Only Alipay has it. */

export type AgentContact = { name: string; mobile: string; email: string | null };

export type AgentPicture = {
  slot: FacetofacePicture;
  /** Judged by content, never by name. */
  type: "png" | "bmp" | "gif" | "jpg";
  bytes: Buffer;
};

export type FacetofaceApplication = {
  batchNo: string;
  mccCode: string;
  /** Percent as text, such as "0.38". */
  rate: string | null;
  signAndAuth: boolean;
  shopName: string;
  shopAddress: {
    provinceCode: string;
    cityCode: string;
    districtCode: string;
    detail: string;
    longitude: string | null;
    latitude: string | null;
  };
  businessLicenseNo: string | null;
  businessLicenseMobile: string | null;
  licenseLongTerm: boolean;
  /** "2030-12-31". */
  licenseValidUntil: string | null;
  pictures: readonly AgentPicture[];
};

/** The raw, verified text of an answer comes along, for the record of calls. */
export type Answered<T> = T & { answerText: string };

/** The pre-authorised mode alone gives tokens with the confirmation. */
export type AgentTokens = {
  appAuthToken: Secret<string>;
  appRefreshToken: Secret<string> | null;
  authAppId: string | null;
  userId: string | null;
  /** Seconds from now. */
  expiresIn: number | null;
};

export type ProductState = { code: string; name: string | null; status: string; rejectReason: string | null };

export type AgentOrderView = {
  state: ProviderOrderState;
  orderNo: string | null;
  merchantPid: string | null;
  agentAppId: string | null;
  /** Only while the merchant is to confirm; an https address, or the simulator's. */
  confirmUrl: string | null;
  rejectReason: string | null;
  products: readonly ProductState[];
};

export interface AgentProvider {
  /** Opens a batch. `unknown` means that one may be open whose number we never learn: it dies by itself, empty, within the hour. */
  createBatch(
    channel: AlipayChannel,
    input: { account: string; contact: AgentContact; orderTicket: string | null },
    options: CallOptions,
  ): Promise<Answered<{ batchNo: string }>>;
  /** Puts the application into the batch; again replaces what is there. Sends pictures: give it a long deadline. */
  signFacetoface(channel: AlipayChannel, application: FacetofaceApplication, options: CallOptions): Promise<Answered<object>>;
  /** Submits the batch. `unknown` is settled by `queryOrder`, never by confirming again at once. */
  confirmBatch(
    channel: AlipayChannel,
    batchNo: string,
    options: CallOptions,
  ): Promise<Answered<{ orderNo: string | null; tokens: AgentTokens | null }>>;
  /** Cancels an open batch. `final`: it had ended before, in whichever way; `absent`: no such batch. */
  cancelBatch(channel: AlipayChannel, batchNo: string, options: CallOptions): Promise<"cancelled" | "final" | "absent">;
  /** Where the application stands. `not_submitted`: the batch was never confirmed; `absent`: no such batch. */
  queryOrder(
    channel: AlipayChannel,
    batchNo: string,
    options: CallOptions,
  ): Promise<Answered<{ kind: "order"; order: AgentOrderView }> | { kind: "not_submitted" } | { kind: "absent" }>;
}

/** Refusals that say: this batch is no more (an hour has passed, or it ended). A new one is begun. */
export const BATCH_GONE: ReadonlySet<string> = new Set(["BATCH_STATUS_IS_FINAL", "BATCH_IS_NOT_EXIST", "INVALID_BATCH_NO"]);
