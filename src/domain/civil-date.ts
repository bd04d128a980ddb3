import { z } from "zod";
import { isCivilDate } from "~/lib/time";

/** A day of a filter, "2026-03-01": one that exists, in a year with which dates can still be counted. */
export const CivilDateSchema = z.string().refine((text) => isCivilDate(text) && /^(?:19|2\d)/.test(text), { error: "not a day" });
