import { after, beijingDate, type CivilDate, isCivilDate, seconds } from "~/lib/time";
import { maybeForeign } from "../../statement/faults";
import { ALIPAY_DOWNLOAD_PATH } from "../../statement/routes";
import type { Merchant } from "../../statement/row";
import { isReady, statementRows } from "../../statement/statement";
import { businessFailure } from "../errors";
import type { AlipayCall, AlipayResult } from "../methods";
import { alipayBillZip } from "./file";

const LINK_LIFE_MS = seconds(30);

/** A link to the statement of the app's merchant for one day, with the trades of all its apps. */
export function queryBill(call: AlipayCall): AlipayResult {
  const { world, account, biz, twist } = call;
  const day = askedDay(call);
  const merchant: Merchant = { provider: "alipay", number: account.sellerId };
  if (!isReady(world, merchant, day)) throw businessFailure("BILL_NOT_EXIST");
  const rows = statementRows(world, merchant, day);
  const now = world.now();
  const name = `${account.sellerId}0156_${day.replaceAll("-", "")}.csv.zip`;
  const bytes = alipayBillZip({ sellerId: account.sellerId, day, rows, writtenAt: now, twist });
  const token = world.bills.put({ provider: "alipay", account: account.appId, name, bytes, expiresAt: after(now, LINK_LIFE_MS) }, now);
  const query = new URLSearchParams({
    bizType: biz.required("bill_type"),
    userId: account.sellerId,
    fileType: "csv.zip",
    bizDates: day.replaceAll("-", ""),
    downloadFileName: name,
    fileId: `/trade/${account.sellerId}/${day.replaceAll("-", "")}.csv.zip`,
    timestamp: String(now.getTime()),
    token,
  });
  return {
    outTradeNo: null,
    node: {
      bill_download_url: `${maybeForeign(call.callerOrigin, twist)}${ALIPAY_DOWNLOAD_PATH}?${query}`,
      bill_file_code: rows.length === 0 ? "EMPTY_DATA_WITH_BILL_FILE" : null,
    },
  };
}

/** Only the trades of one day are served: no other kind of statement, and no month. */
function askedDay({ world, biz }: AlipayCall): CivilDate {
  if (biz.required("bill_type") !== "trade") throw businessFailure("TYPE_NOT_SUPPORTED");
  const text = biz.required("bill_date");
  if (/^\d{4}-(0[1-9]|1[0-2])$/.test(text)) throw businessFailure("TYPE_NOT_SUPPORTED", "模拟器只提供日账单");
  if (!isCivilDate(text)) throw businessFailure("INVAILID_ARGUMENTS");
  if (text >= beijingDate(world.now())) throw businessFailure("INVAILID_ARGUMENTS", "账单日期须早于今天");
  return text;
}
