import { AppError } from "~/lib/errors";

/** Bounds of one call's input, whatever its schema says (IN-02). */
export const DEPTH_MAX = 16;
export const ARRAY_MAX = 500;
export const BODY_BYTES_MAX = 256 * 1024;
export const BATCH_CALLS_MAX = 10;

/** With the `u` flag a surrogate pair is one character, so only halves match. */
const HALF_CHARACTER = /\p{Surrogate}/u;

/** Throws `invalid_input` for what no honest screen sends. */
export function checkInputLimits(input: unknown, depth = 0): void {
  if (typeof input === "string") {
    if (HALF_CHARACTER.test(input)) throw new AppError("invalid_input", "half a character in a text");
    return;
  }
  if (typeof input !== "object" || input === null || input instanceof Date) return;
  if (depth >= DEPTH_MAX) throw new AppError("invalid_input", "nested too deep", { depthMax: DEPTH_MAX });
  if (Array.isArray(input)) {
    if (input.length > ARRAY_MAX) throw new AppError("invalid_input", "list too long", { arrayMax: ARRAY_MAX });
    for (const item of input) checkInputLimits(item, depth + 1);
    return;
  }
  if (input instanceof Map || input instanceof Set || input instanceof RegExp || input instanceof URL || ArrayBuffer.isView(input)) {
    throw new AppError("invalid_input", "not a kind of value that we take");
  }
  for (const [key, value] of Object.entries(input)) {
    if (key === "__proto__" || key === "constructor" || key === "prototype") throw new AppError("invalid_input", "reserved key");
    checkInputLimits(value, depth + 1);
  }
}
