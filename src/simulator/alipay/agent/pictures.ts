import type { FilePart } from "../../http/multipart";
import { businessFailure } from "../errors";

const PICTURE_MIN_BYTES = 5 * 1024;
const PICTURE_MAX_BYTES = 5 * 1024 * 1024;

/** Sizes of the header that follows a BMP's own fourteen bytes. Two letters alone would let a text pass. */
const BMP_HEADERS: readonly number[] = [12, 40, 52, 56, 64, 108, 124];

export const PICTURE_TYPES = { png: "image/png", jpg: "image/jpeg", gif: "image/gif", bmp: "image/bmp" } as const;
export type PictureFormat = keyof typeof PICTURE_TYPES;

/** What the bytes themselves say. The part's name and content type are the sender's claim and decide nothing. */
export function pictureFormat(bytes: Buffer): PictureFormat | null {
  const head = bytes.subarray(0, 8).toString("latin1");
  if (head === "\x89PNG\r\n\x1a\n") return "png";
  if (head.startsWith("\xff\xd8\xff")) return "jpg";
  if (head.startsWith("GIF87a") || head.startsWith("GIF89a")) return "gif";
  const isBmp = head.startsWith("BM") && bytes.length > 18 && bytes.readUInt32LE(6) === 0 && BMP_HEADERS.includes(bytes.readUInt32LE(14));
  return isBmp ? "bmp" : null;
}

/** Both ends of the size count as allowed. */
export function checkPicture({ name, bytes }: FilePart): PictureFormat {
  if (bytes.length < PICTURE_MIN_BYTES) throw businessFailure("FILE_SIZE_MIN_LIMIT", `图片 ${name} 小于 5KB`);
  if (bytes.length > PICTURE_MAX_BYTES) throw businessFailure("FILE_SIZE_OUT_LIMIT", `图片 ${name} 大于 5MB`);
  const format = pictureFormat(bytes);
  if (!format) throw businessFailure("FILE_FORMAT_IS_INVALID", `图片 ${name} 不是 png、bmp、gif、jpg 或 jpeg`);
  return format;
}
