import { WORKBENCH_RANGES, type WorkbenchRange } from "~/domain/dashboard";

export const WORKBENCH_URL = { range: "1d" };

/** What an address says, or today. */
export const readRange = (text: unknown): WorkbenchRange => WORKBENCH_RANGES.find((range) => range === text) ?? "1d";
