import { fen } from "~/lib/money";
import type { Columns } from "../statement/columns";
import { scaled } from "../statement/decimal";
import { trimmed } from "../statement/lines";
import type { StatementLine } from "../statement-port";
import { fromGbk, toGbk } from "./gbk";

/** A row with the time it was finished at, still as text, and what the summary adds up beside. */
export type AlipayRow = Omit<StatementLine, "lineNo" | "at"> & { time: string; discount: bigint };

const PAYMENT = toGbk("交易");
const REFUND = toGbk("退款");
const PROVIDER_NO = /^\d{16,64}$/;
const OUT_NO_MAX = 64;
/** Whether there is such a day is told when the day is compared with the statement's. */
const TIME = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/;
/** A title has up to 256 characters, a remark not more: no honest row holds more commas, and each costs another try. */
const SURPLUS_MAX = 512;

/** Reads rows of a file with these columns. Answers null for a row that cannot be read in exactly one way. */
export function alipayRows(columns: Columns): (text: string) => AlipayRow | null {
  const at = placesOf(columns);
  // Only these two hold words that people write, and nothing is known to quote a comma in them.
  const roomy = [columns.find("商品名称"), columns.find("备注")].filter((place) => place !== null);

  return (text) => {
    const parts = text.split(",");
    const surplus = parts.length - columns.count;
    if (surplus < 0 || surplus > SURPLUS_MAX) return null;
    if (surplus === 0) return readRow(at, (place) => trimmed(parts[place] ?? ""));
    let found: AlipayRow | null = null;
    for (const shifts of sharings(surplus, roomy)) {
      const row = readRow(at, (place) => {
        const shift = shifts.reduce((sum, { after, by }) => (place > after ? sum + by : sum), 0);
        return trimmed(parts[place + shift] ?? "");
      });
      if (row && found) return null;
      found ??= row;
    }
    return found;
  };
}

type Shift = { after: number; by: number };

/** Every way in which the surplus commas may belong to the cells that could hold them. */
function* sharings(surplus: number, roomy: readonly number[]): Generator<Shift[]> {
  const [first, second] = roomy;
  if (first === undefined) return;
  if (second === undefined) return yield [{ after: first, by: surplus }];
  for (let by = 0; by <= surplus; by++) {
    yield [
      { after: first, by },
      { after: second, by: surplus - by },
    ];
  }
}

type Places = ReturnType<typeof placesOf>;

function placesOf(columns: Columns) {
  const places = {
    providerTradeNo: columns.get("支付宝交易号"),
    outTradeNo: columns.get("商户订单号"),
    kind: columns.get("业务类型"),
    created: columns.get("创建时间"),
    finished: columns.get("完成时间"),
    amount: columns.get("订单金额(元)"),
    receipt: columns.get("商家实收(元)"),
    refundNo: columns.get("退款批次号/请求号"),
    fee: columns.get("服务费(元)"),
    discount: columns.find("商家优惠(元)"),
  };
  const read = [places.amount, places.receipt, places.fee];
  const money = columns.names.flatMap((name, place) => (name.endsWith("(元)") && !read.includes(place) ? [place] : []));
  return { ...places, otherMoney: money };
}

function readRow(at: Places, cell: (place: number) => string): AlipayRow | null {
  const providerTradeNo = cell(at.providerTradeNo);
  const kind = kindOf(cell(at.kind));
  const finished = cell(at.finished);
  const created = cell(at.created);
  if (!PROVIDER_NO.test(providerTradeNo) || !kind || !TIME.test(created) || (finished !== "" && !TIME.test(finished))) return null;

  const amount = scaled(cell(at.amount), 2);
  const receipt = scaled(cell(at.receipt), 2);
  const fee = scaled(cell(at.fee), 5);
  if (amount === null || receipt === null || fee === null) return null;
  for (const place of at.otherMoney) {
    const text = cell(place);
    if (text !== "" && scaled(text, 2) === null) return null;
  }
  // Refunds are written with a minus: a row of the other sign is not what it says it is.
  const sign = kind === "payment" ? 1n : -1n;
  if (amount * sign < 0n || receipt * sign < 0n) return null;

  const outTradeNo = numberOf(cell(at.outTradeNo));
  const outRefundNo = numberOf(cell(at.refundNo));
  if (!outTradeNo || outRefundNo === null) return null;
  return {
    kind,
    outTradeNo,
    providerTradeNo,
    outRefundNo: kind === "refund" && outRefundNo !== "" ? outRefundNo : null,
    providerRefundNo: null,
    amount: fen(amount * sign),
    receipt: fen(receipt * sign),
    // Which sign a fee is written with is established nowhere; what it means is: we pay it, and get it back with a refund.
    feeMilliFen: (fee < 0n ? -fee : fee) * sign,
    rateText: null,
    providerState: kind === "payment" ? "交易" : "退款",
    time: finished === "" ? created : finished,
    discount: at.discount === null ? 0n : (scaled(cell(at.discount), 2) ?? 0n),
  };
}

const kindOf = (text: string): "payment" | "refund" | null => (text === PAYMENT ? "payment" : text === REFUND ? "refund" : null);

/** A number that we or others chose: letters and digits as a rule. Null for what no number could be. */
function numberOf(bytes: string): string | null {
  if (/^[\x21-\x7e]{0,64}$/.test(bytes)) return bytes;
  const text = fromGbk(bytes);
  return text.length <= OUT_NO_MAX && !/[\p{Cc}\ufffd]/u.test(text) ? text : null;
}
