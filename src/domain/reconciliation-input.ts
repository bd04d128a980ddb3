import { z } from "zod";
import { idOf } from "./payment-input";
import { DIFFERENCE_KINDS, differenceMachine } from "./reconciliation";

/** Inputs of reconciliation: what pages, the command line and the procedures accept (IN-01). */

export const MonthSchema = z.string().regex(/^2\d{3}-(?:0[1-9]|1[0-2])$/, { error: "not a month" });

/** Days of all channels in a Beijing month, "2026-11"; without one, the month of today. */
export const GetCalendar = z.strictObject({ month: MonthSchema.optional() });

export const DayOf = z.strictObject({ dayId: idOf("reconciliation") });

export const DifferenceOf = z.strictObject({ differenceId: idOf("difference") });

export const ListDifferences = z.strictObject({
  dayId: idOf("reconciliation").optional(),
  differenceId: idOf("difference").optional(),
  /** `ended` is every status but open. */
  status: z.enum([...differenceMachine.states, "ended"]).optional(),
  kind: z.enum(DIFFERENCE_KINDS).optional(),
  owner: z.enum(["me"]).optional(),
  q: z
    .string()
    .trim()
    .regex(/^[0-9A-Za-z_\-|*@.]{1,64}$/)
    .optional(),
  cursor: z.string().max(200).optional(),
  limit: z.number().int().min(1).max(100).default(50),
});
export type ListDifferencesInput = z.output<typeof ListDifferences>;

export const AssignDifference = z.strictObject({ differenceId: idOf("difference"), userId: idOf("user") });

/** A difference never ends without a reason. */
export const ResolveDifference = z.strictObject({
  differenceId: idOf("difference"),
  reason: z
    .string()
    .transform((text) => text.normalize("NFC").trim())
    .pipe(z.string().min(1).max(500)),
});
