import { deflateRawSync } from "node:zlib";

export type ZipEntry = { name: Buffer; bytes: Buffer };

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const VERSION = 20;
const DEFLATED = 8;

/**
 * A ZIP of a few small files. Names are bytes and not marked as UTF-8: the archives of Chinese providers have them in GBK.
 * `stamp` is Beijing wall clock, "2026-03-04 09:00:00", as archives know no zone.
 */
export function writeZip(entries: readonly ZipEntry[], stamp: string): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, bytes } of entries) {
    const packed = deflateRawSync(bytes);
    const facts = entryFacts(bytes, packed, name, stamp);
    const local = Buffer.concat([uint32(LOCAL), facts, name, packed]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([uint32(CENTRAL), uint16(VERSION), facts, place, name]));
    bodies.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = [
    uint32(END),
    Buffer.alloc(4),
    uint16(entries.length),
    uint16(entries.length),
    uint32(central.length),
    uint32(offset),
    uint16(0),
  ];
  return Buffer.concat([...bodies, central, ...end]);
}

/** What stands in the local header and in the directory alike: from the version needed to the length of the extra field. */
function entryFacts(bytes: Buffer, packed: Buffer, name: Buffer, stamp: string): Buffer {
  const [year = 1980, month = 1, day = 1, hour = 0, minute = 0, second = 0] = stamp.split(/\D/).map(Number);
  return Buffer.concat([
    uint16(VERSION),
    uint16(0),
    uint16(DEFLATED),
    uint16((hour << 11) | (minute << 5) | (second >> 1)),
    uint16(((year - 1980) << 9) | (month << 5) | day),
    uint32(crc32(bytes)),
    uint32(packed.length),
    uint32(bytes.length),
    uint16(name.length),
    uint16(0),
  ]);
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** node:zlib has one only since Node 20.15. */
function crc32(bytes: Buffer): number {
  let value = 0xffffffff;
  for (const byte of bytes) value = (value >>> 8) ^ (CRC_TABLE[(value ^ byte) & 0xff] ?? 0);
  return (value ^ 0xffffffff) >>> 0;
}
