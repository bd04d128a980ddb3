import { MISFIT_CAUSES, type MisfitCause, REFUSAL_CAUSES, type RefusalCause } from "~/domain/notification";

/** Causes that ask for the same next step. */
export type CauseGroup = "format" | "clock" | "key" | "signature" | "probe" | "sealed" | "content";

export const GROUP_OF: Record<RefusalCause, CauseGroup> = {
  not_post: "format",
  content_type: "format",
  empty_body: "format",
  too_large: "format",
  unreadable: "format",
  raw_bytes: "format",
  pair_without_value: "format",
  bad_name: "format",
  repeated_field: "format",
  too_many_fields: "format",
  unknown_charset: "format",
  bad_encoding: "format",
  missing_header: "format",
  doubled_header: "format",
  malformed_header: "format",
  signature_type: "format",
  stale_timestamp: "clock",
  no_live_key: "key",
  unknown_serial: "key",
  revoked_key: "key",
  expired_key: "key",
  key_not_yet_valid: "key",
  key_type: "key",
  unsigned: "format",
  malformed_signature: "format",
  bad_signature: "signature",
  signature_probe: "probe",
  algorithm: "sealed",
  ciphertext_format: "sealed",
  tag_mismatch: "sealed",
  no_key: "sealed",
  not_utf8: "content",
  not_json: "content",
  duplicate_key: "content",
  too_deep: "content",
  missing_field: "content",
  malformed_field: "content",
  unknown_value: "content",
};

/** Groups whose next step is in the channel's settings. */
export const MENDED_IN_CHANNEL: readonly CauseGroup[] = ["key", "signature", "sealed"];

/** A stored word that this version still knows; an older version's may be another. */
export const refusalCause = (text: string | null): RefusalCause | null => REFUSAL_CAUSES.find((one) => one === text) ?? null;
export const misfitCause = (text: string | null): MisfitCause | null => MISFIT_CAUSES.find((one) => one === text) ?? null;
