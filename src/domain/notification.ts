import { defineMachine } from "~/lib/state-machine";
import type { CaseKind } from "./exception";

/**
 * 收件箱: what became of an inbound message.
 * `refused`: not verified, nothing believed. `waiting`: verified and stored, a job will apply it. `misfit`: verified, but does not fit
 * our books; a case is open and the provider is asked to come again. `ignored`: verified news that changes nothing.
 */
export const notificationMachine = defineMachine({
  states: ["refused", "waiting", "applied", "misfit", "ignored"],
  initial: "waiting",
  transitions: {
    apply: { from: ["waiting", "misfit", "refused"], to: "applied" },
    ignore: { from: ["waiting", "misfit"], to: "ignored" },
    misfit: { from: ["waiting"], to: "misfit" },
    /** A refused message that verifies after a key was mended, or a misfit that is run again after its order was. */
    admit: { from: ["refused", "misfit"], to: "waiting" },
  },
});
export type NotificationState = (typeof notificationMachine.states)[number];

/** Why a message was refused: every word that an adapter may say. One without words on the message page does not compile. */
export const REFUSAL_CAUSES = [
  // What arrived is not what the provider sends.
  "not_post",
  "content_type",
  "empty_body",
  "too_large",
  "unreadable",
  "raw_bytes",
  "pair_without_value",
  "bad_name",
  "repeated_field",
  "too_many_fields",
  "unknown_charset",
  "bad_encoding",
  "missing_header",
  "doubled_header",
  "malformed_header",
  "stale_timestamp",
  "signature_type",
  // No key of ours may verify it.
  "no_live_key",
  "unknown_serial",
  "revoked_key",
  "expired_key",
  "key_not_yet_valid",
  "key_type",
  // The signature.
  "unsigned",
  "malformed_signature",
  "bad_signature",
  "signature_probe",
  // The sealed part.
  "algorithm",
  "ciphertext_format",
  "tag_mismatch",
  "no_key",
  // Validly signed, but not written as documented.
  "not_utf8",
  "not_json",
  "duplicate_key",
  "too_deep",
  "missing_field",
  "malformed_field",
  "unknown_value",
] as const;
export type RefusalCause = (typeof REFUSAL_CAUSES)[number];

/** Why a verified message does not fit our books. */
export const MISFIT_CAUSES = [
  "unknown_order",
  "app_id",
  "seller_id",
  "amount",
  "amount_missing",
  "currency",
  "trade_no_changed",
  "trade_no_taken",
  "refund_not_ours",
] as const;
export type MisfitCause = (typeof MISFIT_CAUSES)[number];

/** The kind of case that each opens. */
export const CASE_KIND_OF: Record<MisfitCause, CaseKind> = {
  unknown_order: "unknown_order",
  app_id: "wrong_recipient",
  seller_id: "wrong_recipient",
  amount: "wrong_amount",
  amount_missing: "wrong_amount",
  currency: "wrong_amount",
  trade_no_changed: "unknown_order",
  trade_no_taken: "unknown_order",
  refund_not_ours: "refund_unknown",
};

/** Refused messages kept per channel; older ones make room (bounded, so that noise cannot fill the disk). */
export const REFUSED_KEPT_PER_CHANNEL = 1_000;

/** Callback bodies above this are refused before they are read to the end (CB-01). */
export const CALLBACK_BODY_MAX_BYTES = 65_536;

export const NOTIFICATION_STATE_LABEL = {
  zh: { refused: "已拒绝", waiting: "处理中", applied: "已应用", misfit: "核对不符", ignored: "无变化" },
  en: { refused: "Refused", waiting: "Processing", applied: "Applied", misfit: "Mismatch", ignored: "No change" },
} satisfies Record<"zh" | "en", Record<NotificationState, string>>;
