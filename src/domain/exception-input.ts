import { z } from "zod";
import { CASE_KINDS, caseMachine } from "./exception";
import { idOf } from "./payment-input";

const words = (max: number) =>
  z
    .string()
    .transform((text) => text.normalize("NFC").trim())
    .pipe(z.string().min(1).max(max));

export const ListCases = z.strictObject({
  /** `ended` is every status but open. */
  status: z.enum([...caseMachine.states, "ended"]).default("open"),
  kind: z.enum(CASE_KINDS).optional(),
  owner: z.enum(["me", "nobody"]).optional(),
  q: words(64).optional(),
  cursor: z.string().max(200).optional(),
  limit: z.number().int().min(1).max(100).default(50),
});
export type ListCasesInput = z.output<typeof ListCases>;

export const AssignCase = z.strictObject({ caseId: idOf("case"), userId: idOf("user").nullable() });
export const NoteCase = z.strictObject({ caseId: idOf("case"), text: words(1_000) });
/** A case never ends without a reason. */
export const DismissCase = z.strictObject({ caseId: idOf("case"), reason: words(500) });
