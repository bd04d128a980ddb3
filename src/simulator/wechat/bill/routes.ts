import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { after, beijingDate, type CivilDate, isCivilDate, minutes } from "~/lib/time";
import { parseForm } from "../../http/form";
import { maybeCutOff, maybeForeign } from "../../statement/faults";
import { WECHAT_DOWNLOAD_PATH } from "../../statement/routes";
import type { Merchant } from "../../statement/row";
import { isReady, statementRows } from "../../statement/statement";
import type { WechatCall, WechatResult } from "../api";
import { invalidRequest, missingField, WechatFailure } from "../errors";
import { BILL_TYPES, type BillType } from "./columns";
import { rowsOfType, wechatBillFile } from "./file";

const LINK_LIFE_MS = minutes(5);
const MONTHS_BACK = 3;

/** Promises the file of a day: its hash before packing, and an address for five minutes. */
export function requestTradeBill(call: WechatCall): WechatResult {
  const { world, account, request, twist } = call;
  const { day, type, isPacked } = readQuery(call);
  const merchant: Merchant = { provider: "wechat", number: account.mchid };
  if (!isReady(world, merchant, day)) throw new WechatFailure(400, "STATEMENT_CREATING", "账单生成中，请稍后再试");
  const rows = rowsOfType(statementRows(world, merchant, day), type);
  if (rows.length === 0) throw new WechatFailure(400, "NO_STATEMENT_EXIST", "请求的账单文件不存在");
  const file = wechatBillFile(account, type, rows, twist);
  const now = world.now();
  const token = world.bills.put(
    {
      provider: "wechat",
      account: account.mchid,
      name: `${account.mchid}${type}${day}.csv${isPacked ? ".gz" : ""}`,
      bytes: isPacked ? gzipSync(file) : file,
      expiresAt: after(now, LINK_LIFE_MS),
    },
    now,
  );
  const hashed = twist === "statement_bad_hash" ? Buffer.concat([file, Buffer.from("\n")]) : file;
  return {
    status: 200,
    outTradeNo: null,
    body: {
      hash_type: "SHA1",
      hash_value: createHash("sha1").update(hashed).digest("hex"),
      download_url: `${maybeForeign(request.callerOrigin, twist)}${WECHAT_DOWNLOAD_PATH}?token=${token}${isPacked ? "&tartype=gzip" : ""}`,
    },
  };
}

function readQuery(call: WechatCall): { day: CivilDate; type: BillType; isPacked: boolean } {
  const pairs = parseForm(call.request.query, "utf-8");
  const only = (name: string): string | null => {
    const found = pairs.filter((pair) => pair.name === name);
    if (found.length > 1) throw badParameter(name, found[1]?.value ?? "");
    return found[0]?.value ?? null;
  };
  const date = only("bill_date");
  if (!date) throw missingField("/query/bill_date");
  if (!isCivilDate(date)) throw badParameter("bill_date", date);
  const type = BILL_TYPES.find((known) => known === (only("bill_type") ?? "ALL"));
  if (!type) throw badParameter("bill_type", only("bill_type") ?? "");
  const packing = only("tar_type");
  // An empty one is refused too: only a call without it means a plain file.
  if (packing !== null && packing !== "GZIP") throw badParameter("tar_type", packing);
  const today = beijingDate(call.world.now());
  if (date >= today) throw invalidRequest("账单日期须早于今天");
  if (date < monthsBefore(today, MONTHS_BACK)) throw invalidRequest("仅支持三个月内的账单");
  return { day: date, type, isPacked: packing === "GZIP" };
}

const badParameter = (name: string, value: string): WechatFailure =>
  new WechatFailure(400, "PARAM_ERROR", `输入源“/query/${name}”的取值不符合要求`, { location: "query", value: value.slice(0, 64) });

/** The same day of an earlier month, or that month's last day. */
function monthsBefore(day: CivilDate, count: number): CivilDate {
  const [year = 0, month = 0, date = 0] = day.split("-").map(Number);
  const lastDay = new Date(Date.UTC(year, month - count, 0)).getUTCDate();
  return beijingDate(new Date(Date.UTC(year, month - 1 - count, Math.min(date, lastDay))));
}

/** The file behind an address, for the merchant who asked for it. The answer carries no signature, whatever it says. */
export function downloadBill({ world, account, request, twist }: WechatCall): WechatResult {
  const token = parseForm(request.query, "utf-8").find(({ name }) => name === "token")?.value;
  if (!token) throw missingField("/query/token");
  const file = world.bills.find(token);
  // Which words WeChat Pay has for a stale address is not documented.
  if (file?.provider !== "wechat" || file.account !== account.mchid) throw invalidRequest("账单下载地址无效");
  if (world.now() >= file.expiresAt) throw invalidRequest("账单下载地址已失效，请重新申请");
  return { status: 200, outTradeNo: null, body: null, file: { name: file.name, bytes: maybeCutOff(file.bytes, twist) } };
}
