import type { Twist } from "../faults/strike";

/** A download that breaks off, with an honest length. */
export const maybeCutOff = (bytes: Buffer, twist: Twist | null): Buffer =>
  twist === "statement_cut_off" ? bytes.subarray(0, Math.floor(bytes.length / 2)) : bytes;

/** The lines of a table that was never finished: neither the last rows nor the totals. */
export const maybeUnfinished = (lines: string[], twist: Twist | null): string[] =>
  twist === "statement_unfinished" ? lines.slice(0, Math.ceil(lines.length / 2)) : lines;

/** An address of the loopback that is not ours: whoever follows it has not looked, and nothing leaves this machine. */
export function maybeForeign(origin: string, twist: Twist | null): string {
  if (twist !== "statement_foreign_address") return origin;
  const address = new URL(origin);
  address.hostname = "127.0.0.2";
  return address.origin;
}
