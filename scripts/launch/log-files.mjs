import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readSync, renameSync, statSync } from "node:fs";
import path from "node:path";
import { StringDecoder } from "node:string_decoder";

const LOOK_MS = 200;
const MAX_BYTES = 32_000_000;

/**
 * A program's log file, opened for appending and followed. Programs write to the file itself and not to a pipe through us: a pipe
 * breaks when we are killed, and a program that cannot write its last words may hang over them.
 * @param {string} file
 * @param {(line: string) => void} onLine gets each whole line that is added from now on
 */
export function openLogFile(file, onLine) {
  mkdirSync(path.dirname(file), { recursive: true });
  if (existsSync(file) && statSync(file).size > MAX_BYTES) renameSync(file, `${file}.old`);
  const writer = openSync(file, "a", 0o600);
  const reader = openSync(file, "r");
  const decoder = new StringDecoder("utf8");
  const chunk = Buffer.alloc(64 * 1024);
  let offset = fstatSync(reader).size;
  let rest = "";

  function read() {
    for (;;) {
      const length = readSync(reader, chunk, 0, chunk.length, offset);
      if (length === 0) return;
      offset += length;
      const lines = (rest + decoder.write(chunk.subarray(0, length))).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) onLine(line);
    }
  }
  const timer = setInterval(read, LOOK_MS);
  let closed = false;

  return {
    file,
    /** For a child's standard output. */
    descriptor: writer,
    /** Tells what was written until now, without waiting for the next look. */
    read,
    close() {
      if (closed) return;
      closed = true;
      clearInterval(timer);
      read();
      closeSync(writer);
      closeSync(reader);
    },
  };
}
