import { crc32, deflateSync } from "node:zlib";
import type { PictureType } from "~/domain/picture";

/** Real pictures, as small or large as a test asks; each opens in any viewer. */
export function makePicture(type: PictureType, bytes = 6_000): Buffer {
  const made = MAKERS[type](bytes);
  if (made.length !== bytes) throw new Error(`a ${type} of ${made.length} bytes where ${bytes} were asked`);
  return made;
}

const MAKERS: Record<PictureType, (bytes: number) => Buffer> = { png, jpg, gif, bmp };

const filling = (length: number) => Buffer.alloc(length, "picture ");

/** One grey pixel, and a private chunk that makes up the length. */
function png(bytes: number): Buffer {
  const header = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
  const size = Buffer.alloc(13);
  size.writeUInt32BE(1, 0);
  size.writeUInt32BE(1, 4);
  size.set([8, 0, 0, 0, 0], 8);
  const fixed = [header, chunk("IHDR", size), chunk("IDAT", deflateSync(Buffer.from([0, 128])))];
  const end = chunk("IEND", Buffer.alloc(0));
  const used = Buffer.concat([...fixed, end]).length + 12;
  return Buffer.concat([...fixed, chunk("prVt", filling(bytes - used)), end]);
}

function chunk(name: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** The smallest baseline JPEG of one grey pixel, with comments before its frame. */
function jpg(bytes: number): Buffer {
  const table = Buffer.concat([Buffer.from([0xff, 0xdb, 0, 67, 0]), Buffer.alloc(64, 1)]);
  const frame = Buffer.from([0xff, 0xc0, 0, 11, 8, 0, 1, 0, 1, 1, 1, 0x11, 0]);
  const codes = (kind: number) => Buffer.from([0xff, 0xc4, 0, 20, kind, 1, ...Array<number>(15).fill(0), 0]);
  const scan = Buffer.from([0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 0x3f]);
  const start = Buffer.from([0xff, 0xd8]);
  const rest = Buffer.concat([table, frame, codes(0), codes(0x10), scan, Buffer.from([0xff, 0xd9])]);
  return Buffer.concat([start, ...comments(bytes - start.length - rest.length), rest]);
}

/** JPEG comments of at most 65,533 bytes that make up a length together. */
function comments(length: number): Buffer[] {
  const parts: Buffer[] = [];
  for (let left = length; left > 0; ) {
    // Never leave less than an empty comment's four bytes.
    const part = left <= 60_000 ? left : Math.min(60_000, left - 4);
    const head = Buffer.from([0xff, 0xfe, 0, 0]);
    head.writeUInt16BE(part - 2, 2);
    parts.push(Buffer.concat([head, filling(part - 4)]));
    left -= part;
  }
  return parts;
}

/** One pixel, with comments of at most 255 bytes each behind it. */
function gif(bytes: number): Buffer {
  const head = Buffer.concat([Buffer.from("GIF89a", "latin1"), Buffer.from([1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255])]);
  const image = Buffer.from([0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0]);
  const blocks: Buffer[] = [];
  for (let left = bytes - head.length - image.length - 4; left > 0; ) {
    const part = left <= 256 ? left : Math.min(256, left - 2);
    blocks.push(Buffer.from([part - 1]), filling(part - 1));
    left -= part;
  }
  return Buffer.concat([head, image, Buffer.from([0x21, 0xfe]), ...blocks, Buffer.from([0, 0x3b])]);
}

/** White pixels of 32 bits, in as many rows of a thousand as the length holds. */
function bmp(bytes: number): Buffer {
  const made = Buffer.alloc(bytes, 255);
  const rowBytes = 4 * 1_000;
  made.fill(0, 0, 54);
  made.write("BM", "latin1");
  made.writeUInt32LE(bytes, 2);
  made.writeUInt32LE(54, 10);
  made.writeUInt32LE(40, 14);
  made.writeInt32LE(1_000, 18);
  made.writeInt32LE(Math.max(1, Math.floor((bytes - 54) / rowBytes)), 22);
  made.writeUInt16LE(1, 26);
  made.writeUInt16LE(32, 28);
  return made;
}
