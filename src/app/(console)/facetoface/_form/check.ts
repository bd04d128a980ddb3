import {
  CreateFacetoface,
  type CreateFacetofaceInput,
  crossIssues,
  ReviseFacetoface,
  type ReviseFacetofaceInput,
} from "~/domain/facetoface-input";
import { createInputOf, type FieldName, type FormValues, fieldOf, reviseInputOf } from "./values";

/** A reason for each field that does not fit: a word of the schema's, or of zod's that stands for one. */
export type Reasons = Partial<Record<FieldName, string>>;
export type Checked<Input> = { input: Input; reasons: null } | { input: null; reasons: Reasons };

type Issue = { path: readonly PropertyKey[]; code?: string; message: string };
type Parsed<Input> = { success: true; data: Input } | { success: false; error: { issues: readonly Issue[] } };

/** This file brings the schemas along and is loaded once the page stands. */
export function checkCreate(
  values: FormValues,
  keys: { idempotencyKey: string; reapplyOf: string | null },
): Checked<CreateFacetofaceInput> {
  return checked(values, createInputOf(values, keys), (input) => CreateFacetoface.safeParse(input));
}

export const checkRevise = (values: FormValues, orderId: string): Checked<ReviseFacetofaceInput> =>
  checked(values, reviseInputOf(values, orderId), (input) => ReviseFacetoface.safeParse(input));

type Raw = ReturnType<typeof reviseInputOf> | ReturnType<typeof createInputOf>;

function checked<Input>(values: FormValues, raw: Raw, parse: (raw: Raw) => Parsed<Input>): Checked<Input> {
  const parsed = parse(raw);
  if (parsed.success) return { input: parsed.data, reasons: null };
  const reasons: Reasons = {};
  // The schema looks at what fields mean together only when each of them fits; people are told everything at once.
  for (const issue of [...parsed.error.issues, ...crossIssues(raw)]) {
    const field = fieldOf(issue.path);
    reasons[field] ??= reasonOf(values, field, issue);
  }
  return { input: null, reasons };
}

const WORD = /^[a-z]+(_[a-z]+)+$/;

function reasonOf(values: FormValues, field: FieldName, { code, message }: Issue): string {
  const value = values[field];
  if (WORD.test(message) && message.endsWith("_needed")) return message;
  if (typeof value === "string" && value.trim() === "") return "missing";
  if (WORD.test(message)) return message === "not_an_id" ? "missing" : message;
  if (code === "too_big") return "too_long";
  if (field === "contactEmail") return "not_an_email";
  if (field === "licenseValidUntil") return "not_a_date";
  return "malformed";
}
