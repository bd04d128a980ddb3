import { type Entry, fromBufferPromise, type ZipFile } from "yauzl";
import { StatementError } from "../statement-port";
import { gunzipped, piecesOf } from "./inflate";
import { TEXT_BYTES_MAX } from "./limits";

/** A statement's archive holds two files. */
const ENTRIES_MAX = 16;

const STORED = 0;
const DEFLATED = 8;

/**
 * Unpacks the one entry of a ZIP whose name `isWanted`, chunk by chunk. Names are given as bytes: they are in GBK.
 * Throws `broken_archive`, `too_large`, and `not_a_statement` unless there is exactly one such entry.
 */
export async function* unzipped(bytes: Buffer, isWanted: (name: Buffer) => boolean): AsyncGenerator<Buffer> {
  const { entry, data } = await entryOf(bytes, isWanted).catch((cause: unknown) => {
    if (cause instanceof StatementError) throw cause;
    throw new StatementError("broken_archive", "is no ZIP archive that can be read", null, { cause });
  });
  if (entry.uncompressedSize > TEXT_BYTES_MAX) throw new StatementError("too_large", `unpacks to more than ${TEXT_BYTES_MAX} bytes`);
  // What the entry announces is the limit, so a bomb ends where its lie begins; less than announced does not fit the tail.
  yield* gunzipped(asGzip(entry, data), entry.uncompressedSize);
}

async function entryOf(bytes: Buffer, isWanted: (name: Buffer) => boolean): Promise<{ entry: Entry; data: Buffer }> {
  const zip = await fromBufferPromise(bytes, { lazyEntries: true, decodeStrings: false, autoClose: false });
  if (zip.entryCount > ENTRIES_MAX) throw new StatementError("not_a_statement", `an archive of ${zip.entryCount} files`);
  const wanted: Entry[] = [];
  for await (const entry of zip.eachEntry()) if (isWanted(entry.fileNameRaw)) wanted.push(entry);
  const [entry] = wanted;
  if (!entry || wanted.length > 1) throw new StatementError("not_a_statement", `${wanted.length} files of the wanted name`);
  return { entry, data: await dataOf(zip, entry, bytes) };
}

async function dataOf(zip: ZipFile, entry: Entry, bytes: Buffer): Promise<Buffer> {
  if (entry.isEncrypted()) throw new StatementError("broken_archive", "is encrypted");
  const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
  return bytes.subarray(fileDataStart, fileDataStart + entry.compressedSize);
}

/** A gzip header that says nothing but "deflated". */
const GZIP_HEADER = Buffer.from([0x1f, 0x8b, DEFLATED, 0, 0, 0, 0, 0, 0, 0xff]);

/** An entry of a ZIP is a gzip file without head and tail: with these, zlib compares checksum and size while it unpacks. */
function* asGzip(entry: Entry, data: Buffer): Generator<Buffer> {
  yield GZIP_HEADER;
  if (entry.compressionMethod === DEFLATED) yield* piecesOf(data);
  else if (entry.compressionMethod === STORED) yield* storedBlocks(data);
  else throw new StatementError("broken_archive", `is packed by method ${entry.compressionMethod}`);
  const tail = Buffer.alloc(8);
  tail.writeUInt32LE(entry.crc32, 0);
  tail.writeUInt32LE(entry.uncompressedSize % 2 ** 32, 4);
  yield tail;
}

const BLOCK_BYTES_MAX = 0xffff;

/** Bytes that are not packed, as deflate writes such (RFC 1951, 3.2.4). */
function* storedBlocks(data: Buffer): Generator<Buffer> {
  for (let from = 0; from < data.length || from === 0; from += BLOCK_BYTES_MAX) {
    const block = data.subarray(from, from + BLOCK_BYTES_MAX);
    const head = Buffer.alloc(5);
    head.writeUInt8(from + BLOCK_BYTES_MAX >= data.length ? 1 : 0, 0);
    head.writeUInt16LE(block.length, 1);
    head.writeUInt16LE(~block.length & 0xffff, 3);
    yield head;
    yield block;
  }
}
