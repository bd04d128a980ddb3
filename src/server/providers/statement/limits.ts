import { seconds } from "~/lib/time";

/** What one statement may cost. The largest day that we plan for has a million trades: 300 MB of text, some 40 MB packed. */

/** Received. A file is held whole while it is read and kept in one row. */
export const FILE_BYTES_MAX = 64 * 1024 * 1024;

/** Unpacked: a file of 64 MiB could hold 64 GiB of one repeated character. */
export const TEXT_BYTES_MAX = 1024 * 1024 * 1024;

/** A row has at most some 2 KiB; what goes on longer is no statement, and must not gather in memory. */
export const LINE_BYTES_MAX = 64 * 1024;

/** 1 GiB of nothing but line ends would pass all other limits. */
export const LINES_MAX = 5_000_000;

/** Alipay builds some files while they are fetched, and 64 MiB take a minute on a slow line. */
export const DOWNLOAD_MS = seconds(120);

/** Rows given out at a time: enough for one COPY, little enough to hold. */
export const BATCH_LINES = 1_000;

/** Unpacked at a time: some hundreds of rows, a few milliseconds of the event loop. */
export const CHUNK_BYTES = 128 * 1024;
