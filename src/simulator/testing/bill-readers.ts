import { inflateRawSync } from "node:zlib";
import iconv from "iconv-lite";
import type { newAlipayApp, newWechatMerchant, TestBench } from "./harness";
import { callAlipay, callWechat, nativeOrder, type WechatChange } from "./raw-clients";

type App = Awaited<ReturnType<typeof newAlipayApp>>;
type Merchant = Awaited<ReturnType<typeof newWechatMerchant>>;

export const BILL_METHOD = "alipay.data.dataservice.bill.downloadurl.query";
export const TRADE_BILL = "/v3/bill/tradebill";

const gbk = (bytes: Buffer): string => iconv.decode(bytes, "gbk");

/** Reads an archive by its directory, as an unpacker does, and checks that the local headers agree. Names and contents as raw bytes. */
export function unzip(archive: Buffer): { name: Buffer; bytes: Buffer; crc: number; flags: number }[] {
  const end = archive.lastIndexOf(Buffer.from("504b0506", "hex"));
  if (end === -1) throw new Error("no end of directory");
  const files = [];
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    if (archive.readUInt32LE(at) !== 0x02014b50) throw new Error("no directory entry");
    const [packed, nameLength] = [archive.readUInt32LE(at + 20), archive.readUInt16LE(at + 28)];
    const name = archive.subarray(at + 46, at + 46 + nameLength);
    const local = archive.readUInt32LE(at + 42);
    if (archive.readUInt32LE(local) !== 0x04034b50 || !archive.subarray(local + 30, local + 30 + nameLength).equals(name)) {
      throw new Error("the local header is another");
    }
    if (!archive.subarray(local + 4, local + 30).equals(archive.subarray(at + 6, at + 32))) throw new Error("the local header differs");
    const body = archive.subarray(local + 30 + nameLength, local + 30 + nameLength + packed);
    const bytes = inflateRawSync(body);
    if (bytes.length !== archive.readUInt32LE(at + 24)) throw new Error("wrong size");
    files.push({ name, bytes, crc: archive.readUInt32LE(at + 16), flags: archive.readUInt16LE(at + 8) });
    at += 46 + nameLength;
  }
  return files;
}

/** Lines and rows of Alipay's archive; cells of a row as they are, tabs included. */
export function readAlipayBill(archive: Buffer) {
  const files = unzip(archive).map(({ name, bytes }) => ({ name: gbk(name), lines: gbk(bytes).split("\r\n") }));
  const [detail, summary] = files;
  if (!detail || !summary) throw new Error("not two files");
  const header = detail.lines[4]?.split(",") ?? [];
  const rows = detail.lines
    .slice(5)
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => line.split(","));
  const cell = (row: string[], name: string) => row[header.indexOf(name)]?.trim();
  return { names: files.map(({ name }) => name), detail: detail.lines, summary: summary.lines, header, rows, cell };
}

/** Columns, rows and sums of a bill of WeChat Pay, by name. */
export function readWechatBill(bytes: Buffer) {
  const lines = bytes.subarray(3).toString("utf8").split("\r\n");
  const table = (header: string | undefined, line: string) => {
    const names = header?.split(",") ?? [];
    const values = line.slice(1).split(",`");
    if (values.length !== names.length) throw new Error(`${values.length} values for ${names.length} names`);
    return Object.fromEntries(names.map((name, index) => [name, values[index]]));
  };
  const rows = lines.filter((line) => line.startsWith("`")).map((line, index, all) => ({ line, isSum: index === all.length - 1 }));
  return {
    lines,
    header: lines[0]?.split(",") ?? [],
    rows: rows.filter(({ isSum }) => !isSum).map(({ line }) => table(lines[0], line)),
    sums: table(lines.at(-3), lines.at(-2) ?? ""),
  };
}

/** Acts at the simulator's own time, wherever its clock stands. */
export function timed(bench: TestBench) {
  const now = async () => new Date((await bench.control<{ now: string }>("GET", "clock")).now);
  const alipay = async (app: App, method: string, biz: object) => callAlipay(bench, app, method, biz, {}, await now());
  const wechat = async (merchant: Merchant, method: string, target: string, body?: unknown, change: WechatChange = {}) =>
    callWechat(bench, merchant, method, target, body, { timestamp: Math.floor((await now()).getTime() / 1_000), ...change });
  const fetchBytes = async (url: string, headers: Record<string, string> = {}) => {
    const answer = await fetch(url, { headers, redirect: "manual" });
    return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) };
  };
  return {
    alipay,
    wechat,
    setClock: (text: string) => bench.control("POST", "clock", { set: `${text.replace(" ", "T")}+08:00` }),
    async alipayPaid(app: App, outTradeNo: string, amount: string, extra: object = {}, coupon?: string) {
      const order = { out_trade_no: outTradeNo, total_amount: amount, subject: "书", buyer_id: "2088000000000001", ...extra };
      await alipay(app, "alipay.trade.create", order);
      await bench.pay({ provider: "alipay", account: app.appId, outTradeNo, ...(coupon ? { coupon } : {}) });
    },
    async wechatPaid(merchant: Merchant, outTradeNo: string, total: number, extra: object = {}, coupon?: string) {
      await wechat(
        merchant,
        "POST",
        "/v3/pay/transactions/native",
        nativeOrder(merchant, { out_trade_no: outTradeNo, amount: { total }, ...extra }),
      );
      await bench.pay({ provider: "wechat", account: merchant.mchid, outTradeNo, ...(coupon ? { coupon } : {}) });
    },
    wechatRefund: (merchant: Merchant, outTradeNo: string, outRefundNo: string, total: number, refund: number) =>
      wechat(merchant, "POST", "/v3/refund/domestic/refunds", {
        out_trade_no: outTradeNo,
        out_refund_no: outRefundNo,
        amount: { total, refund, currency: "CNY" },
      }),
    alipayBill: async (app: App, day: string) => (await alipay(app, BILL_METHOD, { bill_type: "trade", bill_date: day })).node,
    async alipayFile(app: App, day: string) {
      const { node } = await alipay(app, BILL_METHOD, { bill_type: "trade", bill_date: day });
      return readAlipayBill((await fetchBytes(String(node.bill_download_url))).bytes);
    },
    fetchBytes,
    tradeBill: (merchant: Merchant, query: string) => wechat(merchant, "GET", `${TRADE_BILL}?${query}`),
    /** GET on the address with a signature over its exact path and query. */
    wechatDownload: (merchant: Merchant, url: string) => {
      const { pathname, search } = new URL(url);
      return wechat(merchant, "GET", pathname + search);
    },
  };
}
