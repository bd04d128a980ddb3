import { AppError } from "~/lib/errors";

/** Where a page ended, as one opaque text: the values of its order, in order. */
export const encodeCursor = (parts: readonly string[]): string => Buffer.from(JSON.stringify(parts)).toString("base64url");

/** Throws `invalid_input` for anything that `encodeCursor` did not make with this many parts. */
export function decodeCursor(cursor: string, parts: number): string[] {
  try {
    const decoded: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    if (Array.isArray(decoded) && decoded.length === parts && decoded.every((part) => typeof part === "string" && part.length <= 64))
      return decoded;
  } catch {
    // Falls through to the refusal below: what cannot be read is refused like what has another shape.
  }
  throw new AppError("invalid_input", "cursor", { field: "cursor" });
}
