import { z } from "zod";
import type { Provider } from "~/domain/provider";
import { sumFen, yuanText } from "~/lib/money";
import type { CivilDate } from "~/lib/time";
import { alipayFee, signed } from "../alipay/bill/file";
import type { WireRequest } from "../http/wire";
import { randomDigits } from "../random";
import type { PlantedChange } from "../state";
import { type Merchant, promisedAt, type StatementRow } from "../statement/row";
import { hasRow, isReady, plant, plantedOn, statementKey, statementRows } from "../statement/statement";
import { wechatFee } from "../wechat/bill/columns";
import type { World } from "../world";
import { ControlRefusal } from "./refusal";
import { type StatementChange, StatementName, type StatementRowView, type StatementsInput, type StatementView } from "./types";

export function lookAtStatement(world: World, request: WireRequest): StatementView {
  const parsed = StatementName.safeParse(Object.fromEntries(new URLSearchParams(request.query)));
  if (!parsed.success) throw new ControlRefusal(400, "invalid_input", z.prettifyError(parsed.error));
  return statementView(world, merchantNamed(world, parsed.data), checkedDay(parsed.data));
}

/** Plants differences, all or none of them, in the place of those planted before. */
export function plantInStatement(world: World, input: StatementsInput): StatementView {
  const merchant = merchantNamed(world, input);
  const day = checkedDay(input);
  if (input.changes !== undefined) {
    const key = statementKey(merchant, day);
    const before = plantedOn(world, merchant, day);
    world.state.statements.delete(key);
    try {
      const changes = chosenChanges(world, merchant, day, input.changes);
      if (changes.length > 0) world.state.statements.set(key, changes);
    } catch (error) {
      if (before.length > 0) world.state.statements.set(key, before);
      throw error;
    }
    world.changed("statement", key);
  }
  return statementView(world, merchant, day);
}

/** The schema has made sure that the day exists. */
const checkedDay = ({ day }: { day: string }): CivilDate => day as CivilDate;

/** An app stands for its seller: the statement is the seller's. */
function merchantNamed(world: World, { provider, account }: { provider: Provider; account: string }): Merchant {
  const { alipay, wechat } = world.state;
  const number =
    provider === "wechat"
      ? wechat.accounts.get(account)?.mchid
      : (alipay.accounts.get(account)?.sellerId ?? [...alipay.accounts.values()].find(({ sellerId }) => sellerId === account)?.sellerId);
  if (number === undefined) throw new ControlRefusal(404, "not_found", `no account ${account} at the simulator`);
  return { provider, number };
}

/** Each change must find its row among those that the changes before it leave. Call it while nothing is planted on the day. */
function chosenChanges(world: World, merchant: Merchant, day: CivilDate, wanted: readonly StatementChange[]): PlantedChange[] {
  const rows = statementRows(world, merchant, day);
  const chosen: PlantedChange[] = [];
  for (const change of wanted) {
    if (change.kind === "extra") {
      const { outTradeNo = `EXTRA${randomDigits(16)}`, minute = 720 } = change;
      const tradeNo = change.tradeNo ?? madeUpTradeNo(merchant.provider, day);
      chosen.push({ ...change, outTradeNo, tradeNo, minute });
      continue;
    }
    if (change.kind === "status" && merchant.provider === "alipay")
      throw new ControlRefusal(409, "wrong_provider", "Alipay's statements have no state");
    if (change.kind !== "late" && !hasRow(plant(rows, chosen, day).written, change))
      throw new ControlRefusal(409, "no_such_row", `${day} has no row ${[change.outTradeNo, change.refundNo].filter(Boolean).join(" / ")}`);
    chosen.push(change);
  }
  return chosen;
}

const madeUpTradeNo = (provider: Provider, day: CivilDate): string => {
  const digits = day.replaceAll("-", "");
  return provider === "alipay" ? `${digits}22001${randomDigits(15)}` : `420000${randomDigits(4)}${digits}${randomDigits(10)}`;
};

function statementView(world: World, merchant: Merchant, day: CivilDate): StatementView {
  const rows = statementRows(world, merchant, day);
  const of = (kind: StatementRow["kind"]) => rows.filter((row) => row.kind === kind).map(({ amount }) => amount);
  return {
    provider: merchant.provider,
    merchant: merchant.number,
    day,
    ready: isReady(world, merchant, day),
    readyAt: promisedAt(merchant.provider, day).toISOString(),
    rows: rows.map((row) => rowView(merchant.provider, row)),
    totals: {
      payments: of("payment").length,
      paidFen: sumFen(of("payment")).toString(),
      refunds: of("refund").length,
      refundedFen: sumFen(of("refund")).toString(),
    },
    changes: plantedOn(world, merchant, day),
  };
}

const rowView = (provider: Provider, row: StatementRow): StatementRowView => ({
  kind: row.kind,
  outTradeNo: row.outTradeNo,
  tradeNo: row.tradeNo,
  refundNo: row.refund?.requestNo ?? null,
  amount: yuanText(provider === "alipay" ? signed(row) : row.amount),
  fee: provider === "alipay" ? yuanText(alipayFee(row)) : wechatFee(row),
  at: row.at.toISOString(),
  planted: row.planted,
});
