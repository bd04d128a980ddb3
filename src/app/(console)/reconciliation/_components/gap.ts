import { type DifferenceKind, feeInFen } from "~/domain/reconciliation";
import { type Fen, fen } from "~/lib/money";

export type Amounts = {
  kind: DifferenceKind;
  ourFen: Fen | null;
  theirFen: Fen | null;
  ourFee: bigint | null;
  theirFee: bigint | null;
};

/** Statement less books; for a fee, what was taken less what the rate gives. */
export function gapOf({ kind, ourFen, theirFen, ourFee, theirFee }: Amounts): Fen {
  if (kind === "fee") return feeInFen((theirFee ?? 0n) - (ourFee ?? 0n));
  return fen((theirFen ?? 0n) - (ourFen ?? 0n));
}

export const absFen = (amount: Fen): Fen => fen(amount < 0n ? -amount : amount);

/** The amount that a difference is about, in a sentence. */
export const amountOf = ({ ourFen, theirFen }: Pick<Amounts, "ourFen" | "theirFen">): Fen => absFen(theirFen ?? ourFen ?? fen(0n));
