import { imageSize } from "image-size";
import { PICTURE_MAX_BYTES, PICTURE_MIN_BYTES, type PictureType } from "~/domain/picture";

/** Why a picture is not taken, in the words of the address that takes them. */
export type PictureRefusal = "picture_too_small" | "picture_too_large" | "picture_type";

/** Nobody photographs a licence on more than this; a header that claims more is meant to hurt whoever decodes it. */
const SIDE_MAX_PX = 20_000;

/**
 * What these bytes are, by their content alone: a name or a declared type is anybody's claim. The first bytes name the kind, and its
 * header must be readable with a size in pixels; a page, a drawing with a script or a program behind `.png` has neither.
 */
export function judgePicture(bytes: Buffer): { ok: true; type: PictureType } | { ok: false; refusal: PictureRefusal } {
  if (bytes.length > PICTURE_MAX_BYTES) return { ok: false, refusal: "picture_too_large" };
  const type = typeOf(bytes);
  if (!type || !hasSize(bytes, type)) return { ok: false, refusal: "picture_type" };
  return bytes.length < PICTURE_MIN_BYTES ? { ok: false, refusal: "picture_too_small" } : { ok: true, type };
}

/** First bytes of each kind: PNG (ISO 15948), JPEG (ISO 10918: SOI and the next marker), GIF87a and GIF89a, Windows bitmap. */
function typeOf(bytes: Buffer): PictureType | null {
  const head = bytes.toString("latin1", 0, 8);
  if (head === "\x89PNG\r\n\x1a\n") return "png";
  if (head.startsWith("\xff\xd8\xff")) return "jpg";
  if (head.startsWith("GIF87a") || head.startsWith("GIF89a")) return "gif";
  // Two letters are no proof: a bitmap also states its own length.
  if (head.startsWith("BM") && bytes.length > 26 && bytes.readUInt32LE(2) === bytes.length) return "bmp";
  return null;
}

function hasSize(bytes: Buffer, type: PictureType): boolean {
  try {
    const { width, height, type: found } = imageSize(bytes);
    return found === type && isSide(width) && isSide(height);
  } catch {
    // The library throws on whatever it cannot read: that is the answer.
    return false;
  }
}

const isSide = (pixels: number) => Number.isInteger(pixels) && pixels >= 1 && pixels <= SIDE_MAX_PX;
