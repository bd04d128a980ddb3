import { FEE_PER_FEN, feeInFen } from "~/domain/reconciliation";
import { yuanDisplay } from "~/lib/money";

/** A fee in yuan; with the thousandths of a fen where a side names them: 1.20, 0.60125. */
export function feeText(milliFen: bigint | null): string | null {
  if (milliFen === null) return null;
  if (milliFen % FEE_PER_FEN === 0n) return yuanDisplay(feeInFen(milliFen));
  const size = milliFen < 0n ? -milliFen : milliFen;
  const digits = size.toString().padStart(6, "0");
  const whole = digits.slice(0, -5).replace(/\B(?=(\d{3})+$)/g, ",");
  return `${milliFen < 0n ? "−" : ""}${whole}.${digits.slice(-5).replace(/0+$/, "")}`;
}
