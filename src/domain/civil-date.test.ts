import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { CivilDateSchema } from "./civil-date";
import { ListEvents } from "./event";
import { ListFacetoface } from "./facetoface-input";
import { ListNotifications } from "./notification-input";
import { ListPayments } from "./payment-input";

const DAYS = ["2026-02-28", "2028-02-29", "2000-02-29", "1999-12-31", "2026-12-31", "2999-12-31"];
const NO_DAYS = [
  "2026-02-29",
  "2026-02-30",
  "2026-02-31",
  "2026-04-31",
  "1900-02-29",
  "2026-13-01",
  "2026-00-10",
  "2026-01-00",
  "2026-01-32",
  "9999-12-31",
  "0000-01-01",
  "2026-1-1",
  "26-01-01",
  "2026/01/01",
  " 2026-01-01",
  "2026-01-01\n",
  "2026-01-01T00:00:00Z",
  "",
];

it("IN-01 takes days that exist", () => {
  expect(DAYS.filter((day) => !CivilDateSchema.safeParse(day).success)).toEqual([]);
});

it("IN-01 refuses what is no day, or none that the calendar has", () => {
  expect(NO_DAYS.filter((day) => CivilDateSchema.safeParse(day).success)).toEqual([]);
});

const LISTS: Record<string, z.ZodType> = { ListPayments, ListNotifications, ListEvents, ListFacetoface };

describe.each(Object.entries(LISTS))("IN-01 %s", (_name, schema) => {
  it.each(["from", "to"])("IN-01 refuses a day in `%s` that the calendar has not", (end) => {
    expect(schema.safeParse({ [end]: "2026-02-31" }).success).toBe(false);
    expect(schema.safeParse({ [end]: "2026-02-28" }).success).toBe(true);
  });
});
