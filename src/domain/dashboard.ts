import { z } from "zod";

/** 工作台: today, or the last days with today in them. Each is compared with as many days before it, up to the same time of day. */
export const WORKBENCH_RANGES = ["1d", "7d", "30d"] as const;
export type WorkbenchRange = (typeof WORKBENCH_RANGES)[number];
export const RANGE_DAYS: Record<WorkbenchRange, number> = { "1d": 1, "7d": 7, "30d": 30 };

export const GetWorkbench = z.strictObject({ range: z.enum(WORKBENCH_RANGES).default("1d") });
export type GetWorkbenchInput = z.output<typeof GetWorkbench>;
