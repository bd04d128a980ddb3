import type { Fen } from "~/lib/money";

/** Amounts that summon a fault by themselves: what ends in 44 fen is declined, what ends in 45 fen times out after it was done. */
export const isDeclinedAmount = (amount: Fen): boolean => amount % 100n === 44n;
export const isTimeoutAmount = (amount: Fen): boolean => amount % 100n === 45n;
