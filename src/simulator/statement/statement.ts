import { fenFromYuan, ZERO_FEN } from "~/lib/money";
import { addDays, after, type CivilDate, minutes, seconds, startOfBeijingDate } from "~/lib/time";
import type { PlantedChange } from "../state";
import type { World } from "../world";
import { byTime, ownRows } from "./own-rows";
import { feeOf, type Merchant, promisedAt, type StatementRow } from "./row";

export const statementKey = ({ provider, number }: Merchant, day: CivilDate): string => `${provider}/${number}/${day}`;

export const plantedOn = (world: World, merchant: Merchant, day: CivilDate): PlantedChange[] =>
  world.state.statements.get(statementKey(merchant, day)) ?? [];

/** Whether the day's statement exists yet: made at its hour, unless it is planted to be late. */
export const isReady = (world: World, merchant: Merchant, day: CivilDate): boolean =>
  world.now() >= promisedAt(merchant.provider, day) && !plantedOn(world, merchant, day).some(({ kind }) => kind === "late");

/** The rows as they are written: what happened, with the planted differences. */
export const statementRows = (world: World, merchant: Merchant, day: CivilDate): StatementRow[] => readDay(world, merchant, day).written;

/** Whether a change could find its row after those planted before it. */
export const hasRow = (rows: readonly StatementRow[], name: RowName): boolean => findRow(rows, name) !== undefined;

type RowName = { outTradeNo: string; refundNo?: string };

/** A refund is named by its request number too; without one the payment is meant, or else the first refund of that order. */
const findRow = (rows: readonly StatementRow[], { outTradeNo, refundNo }: RowName): StatementRow | undefined => {
  const named = rows.filter((row) => row.outTradeNo === outTradeNo && (refundNo === undefined || row.refund?.requestNo === refundNo));
  return named.find((row) => refundNo !== undefined || row.kind === "payment") ?? named[0];
};

type Day = { written: StatementRow[]; movedOn: StatementRow[] };

function readDay(world: World, merchant: Merchant, day: CivilDate): Day {
  const dayBefore = addDays(day, -1);
  const wasMoved = plantedOn(world, merchant, dayBefore).some(({ kind }) => kind === "next_day");
  const movedHere = wasMoved ? readDay(world, merchant, dayBefore).movedOn : [];
  return plant([...movedHere, ...ownRows(world, merchant, day)], plantedOn(world, merchant, day), day);
}

/** Changes one after the other; one whose row is gone changes nothing. */
export function plant(rows: readonly StatementRow[], changes: readonly PlantedChange[], day: CivilDate): Day {
  let written = [...rows];
  const movedOn: StatementRow[] = [];
  for (const change of changes) {
    if (change.kind === "late") continue;
    if (change.kind === "extra") {
      written.push(extraRow(change, day));
      continue;
    }
    const row = findRow(written, change);
    if (!row) continue;
    switch (change.kind) {
      case "missing":
        written = written.filter((other) => other !== row);
        break;
      case "next_day":
        written = written.filter((other) => other !== row);
        movedOn.push({ ...row, at: after(startOfBeijingDate(addDays(day, 1)), seconds(movedOn.length + 1)), planted: "next_day" });
        break;
      case "duplicate":
        written.push({ ...row, planted: "duplicate" });
        break;
      case "amount":
        written = replaced(written, row, { amount: fenFromYuan(change.amount), planted: "amount" });
        break;
      case "fee":
        written = replaced(written, row, { fee: fenFromYuan(change.fee), planted: "fee" });
        break;
      case "status":
        written = replaced(written, row, { isRevoked: true, planted: "status" });
    }
  }
  return { written: written.sort(byTime), movedOn };
}

const replaced = (rows: readonly StatementRow[], row: StatementRow, part: Partial<StatementRow>): StatementRow[] =>
  rows.map((other) => (other === row ? { ...row, ...part } : other));

/** A payment that nobody here knows of. */
function extraRow(change: Extract<PlantedChange, { kind: "extra" }>, day: CivilDate): StatementRow {
  const amount = fenFromYuan(change.amount);
  const at = after(startOfBeijingDate(day), minutes(change.minute));
  return {
    kind: "payment",
    isRevoked: false,
    outTradeNo: change.outTradeNo,
    tradeNo: change.tradeNo,
    refund: null,
    amount,
    coupon: ZERO_FEN,
    fee: feeOf(amount),
    createdAt: at,
    at,
    subject: "模拟多出的一笔",
    remark: "",
    buyer: "",
    tradeType: "NATIVE",
    deviceId: "",
    planted: "extra",
  };
}
