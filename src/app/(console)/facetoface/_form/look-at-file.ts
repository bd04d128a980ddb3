import { PICTURE_MAX_BYTES, PICTURE_MIN_BYTES } from "~/domain/picture";

export type PictureRefusal = "picture_too_small" | "picture_too_large" | "picture_type";

const HEAD_BYTES = 8;
/** How each kind begins. The server looks closer; this spares people the way there with what cannot pass. */
const BEGINNINGS: readonly (readonly number[])[] = [
  [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
  [0xff, 0xd8, 0xff],
  [0x47, 0x49, 0x46, 0x38],
  [0x42, 0x4d],
];

/** Why a file cannot be taken, by its size and its first bytes, never by its name; null when it may. */
export async function lookAtFile(file: Blob): Promise<PictureRefusal | null> {
  const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
  if (!BEGINNINGS.some((beginning) => beginning.every((byte, index) => head[index] === byte))) return "picture_type";
  if (file.size < PICTURE_MIN_BYTES) return "picture_too_small";
  return file.size > PICTURE_MAX_BYTES ? "picture_too_large" : null;
}
