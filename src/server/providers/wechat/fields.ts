import { type Fen, fen, TRADE_MAX_FEN } from "~/lib/money";
import { instantFromRfc3339 } from "~/lib/time";
import type { Json, JsonObject } from "./exact-json";

/**
 * Hand-written checks of what WeChat Pay writes: a schema library costs more than the signature check on the hot path.
 * Each field is one type and one pattern; anything else names the field and refuses.
 */
export class FieldError extends Error {
  override readonly name = "FieldError";
  constructor(
    readonly field: string,
    readonly problem: "missing" | "malformed" | "unknown_value" = "malformed",
  ) {
    super(`${field} is ${problem}`);
  }
}

export const OUT_TRADE_NO = /^[0-9A-Za-z_\-|*]{6,32}$/;
export const OUT_REFUND_NO = /^[0-9A-Za-z_\-|*@]{1,64}$/;
/** Numbers that WeChat Pay gives: digits in practice, documented only as up to 32 characters. */
export const PROVIDER_NO = /^[0-9A-Za-z]{1,32}$/;
export const MCHID = /^\d{1,32}$/;
export const APPID = /^[0-9A-Za-z]{1,32}$/;
export const OPENID = /^[0-9A-Za-z_-]{1,128}$/;
export const CURRENCY = /^[A-Z]{3}$/;

export const isObject = (value: Json | undefined): value is JsonObject => value instanceof Map;

export function readObject(value: Json | undefined, field: string): JsonObject {
  if (value === undefined) throw new FieldError(field, "missing");
  if (!isObject(value)) throw new FieldError(field);
  return value;
}

export function readText(from: JsonObject, field: string, pattern: RegExp): string {
  const value = from.get(field);
  if (value === undefined || value === null || value === "") throw new FieldError(field, "missing");
  if (typeof value !== "string" || !pattern.test(value)) throw new FieldError(field);
  return value;
}

/** Absent, null and empty are one thing: WeChat Pay writes all three for "nothing". */
export function readOptionalText(from: JsonObject, field: string, pattern: RegExp): string | null {
  const value = from.get(field);
  return value === undefined || value === null || value === "" ? null : readText(from, field, pattern);
}

/** Whole fen. `1999.0`, `"1999"`, `1.999e3` and anything out of range are refused. */
export function readFen(from: JsonObject, field: string, least: bigint): Fen {
  const value = from.get(field);
  if (value === undefined || value === null) throw new FieldError(field, "missing");
  if (typeof value !== "bigint" || value < least || value > TRADE_MAX_FEN) throw new FieldError(field);
  return fen(value);
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

export function readOptionalInstant(from: JsonObject, field: string): Date | null {
  const text = readOptionalText(from, field, INSTANT);
  if (text === null) return null;
  try {
    return instantFromRfc3339(text);
  } catch {
    throw new FieldError(field);
  }
}

export function readInstant(from: JsonObject, field: string): Date {
  const instant = readOptionalInstant(from, field);
  if (!instant) throw new FieldError(field, "missing");
  return instant;
}
