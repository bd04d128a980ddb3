/** Where statements are asked for and fetched, by the names that a fault's key takes. Alipay's download is no method of its gateway. */
export const BILL_ROUTES = {
  alipay: { query: "alipay.data.dataservice.bill.downloadurl.query", download: "alipay.GET /downloadBillFile.resource" },
  wechat: { query: "GET /v3/bill/tradebill", download: "GET /v3/billdownload/file" },
} as const;

export const ALIPAY_DOWNLOAD_PATH = "/downloadBillFile.resource";
export const WECHAT_DOWNLOAD_PATH = "/v3/billdownload/file";
