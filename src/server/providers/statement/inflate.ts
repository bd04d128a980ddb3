import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { StatementError } from "../statement-port";
import { CHUNK_BYTES, TEXT_BYTES_MAX } from "./limits";

/**
 * Unpacks a gzip file, given in pieces, chunk by chunk; length and checksum are compared by zlib. Nothing is unpacked ahead of what is
 * taken. Throws `broken_archive`, and `too_large` for a bomb.
 */
export async function* gunzipped(pieces: Iterable<Buffer>, bytesMax: number = TEXT_BYTES_MAX): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  // An error reaches the loop below through the stream itself.
  pipeline(Readable.from(pieces), gunzip, () => {});
  let size = 0;
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > bytesMax) throw new StatementError("too_large", `unpacks to more than ${bytesMax} bytes`);
      yield chunk;
    }
  } catch (cause) {
    if (cause instanceof StatementError) throw cause;
    throw new StatementError("broken_archive", "cannot be unpacked", null, { cause });
  }
}

export function* piecesOf(bytes: Buffer): Generator<Buffer> {
  for (let from = 0; from < bytes.length; from += CHUNK_BYTES) yield bytes.subarray(from, from + CHUNK_BYTES);
}
