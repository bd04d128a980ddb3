import { sign } from "node:crypto";
import { beijingText } from "~/lib/time";
import type { ApplicationView, FacetofaceBatchView, FacetofaceDesk, FacetofaceOutput } from "../control/types";
import type { newAlipayApp, TestBench } from "./harness";
import { callAlipay, readAnswer } from "./raw-clients";

type App = Pick<Awaited<ReturnType<typeof newAlipayApp>>, "appId" | "privateKey">;

const HEADS = {
  png: Buffer.from("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "latin1"),
  jpg: Buffer.from("\xff\xd8\xff\xe0\0\x10JFIF\0", "latin1"),
  gif: Buffer.from("GIF89a", "latin1"),
  bmp: Buffer.from("BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0", "latin1"),
};
/** A picture as far as anybody looks who reads its first bytes. */
export const pictureOf = (kind: keyof typeof HEADS, bytes = 6_000): Buffer =>
  Buffer.concat([HEADS[kind], Buffer.alloc(bytes - HEADS[kind].length, 7)]);

export const SHOP_ADDRESS = {
  country_code: "156",
  province_code: "330000",
  city_code: "330100",
  district_code: "330106",
  detail_address: "文三路 1 号",
};
export const productFields = (batchNo: string, extra: Record<string, string> = {}): Record<string, string> => ({
  batch_no: batchNo,
  mcc_code: "A0001_B0199",
  shop_name: "A+B 100% 面馆",
  shop_address: JSON.stringify(SHOP_ADDRESS),
  rate: "0.38",
  sign_and_auth: "true",
  ...extra,
});

type Upload = Record<string, Buffer>;
type Changes = Record<string, string | undefined>;
/** Values that are `tampered` with are sent in the place of those that were signed. */
type CallOptions = { tampered?: Changes; signal?: AbortSignal };

/** A multipart call signed by a few lines of our own: every text part takes part, no file does. */
export async function callMultipart(bench: Pick<TestBench, "url">, app: App, fields: Changes, files: Upload, options: CallOptions = {}) {
  const all: Changes = {
    app_id: app.appId,
    method: "alipay.open.agent.facetoface.sign",
    format: "JSON",
    charset: "utf-8",
    sign_type: "RSA2",
    timestamp: beijingText(new Date()),
    version: "1.0",
    ...fields,
  };
  const pairs = Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const text = pairs
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join("&");
  const form = new FormData();
  for (const [name, value] of pairs) form.append(name, options.tampered?.[name] ?? value);
  form.append("sign", sign("sha256", Buffer.from(text), app.privateKey).toString("base64"));
  for (const [name, bytes] of Object.entries(files)) form.append(name, new Blob([new Uint8Array(bytes)]), `${name}.png`);
  const { signal } = options;
  return readAnswer(await fetch(`${bench.url}/gateway.do`, { method: "POST", body: form, ...(signal && { signal }) }));
}

/** The methods of agent signing as functions, for one application. */
export function agentOf(bench: Pick<TestBench, "url">, app: App) {
  const call = async (name: string, biz: unknown, at?: Date) =>
    (await callAlipay(bench, app, `alipay.open.agent.${name}`, biz, {}, at)).node;
  const create = (extra: object = {}, at?: Date) =>
    call("create", { account: "shop@example.com", contact_info: { contact_name: "王小明", contact_mobile: "13800000000" }, ...extra }, at);
  const open = async (extra: object = {}, at?: Date) => String((await create(extra, at)).batch_no);
  const sign = async (
    batchNo: string,
    extra: Record<string, string> = {},
    files: Upload = { shop_sign_board_pic: pictureOf("png") },
    { at, ...options }: { at?: Date; signal?: AbortSignal } = {},
  ) => {
    const fields = { ...productFields(batchNo), ...(at && { timestamp: beijingText(at) }), ...extra };
    return (await callMultipart(bench, app, fields, files, options)).node;
  };
  const confirm = (batchNo: string, at?: Date) => call("confirm", { batch_no: batchNo }, at);
  return {
    create,
    open,
    sign,
    confirm,
    cancel: (batchNo: string, at?: Date) => call("cancel", { batch_no: batchNo }, at),
    query: (batchNo: string, at?: Date) => call("order.query", { batch_no: batchNo }, at),
    signStatus: (pid: string, codes = ["FACE_TO_FACE_PAYMENT"]) => call("signstatus.query", { pid, product_codes: codes }),
    /** Opened, signed and confirmed. */
    async submit(extra: object = {}, fields: Record<string, string> = {}, files?: Upload) {
      const batchNo = await open(extra);
      await sign(batchNo, fields, files);
      await confirm(batchNo);
      return batchNo;
    },
  };
}

type Act = "hold" | "approve" | "reject" | "confirm" | "refuse" | "expire";
/** The reviewer's and the merchant's side. */
export const deskOf = (bench: Pick<TestBench, "control">) => ({
  act: (act: Act, batchNo: string, reason?: string) =>
    bench.control<FacetofaceBatchView>("POST", `facetoface/${act}`, { batchNo, ...(reason && { reason }) }),
  list: () => bench.control<FacetofaceOutput>("GET", "facetoface"),
  desk: () => bench.control<FacetofaceDesk>("GET", "facetoface/desk"),
  merchant: (token: string) => bench.control<ApplicationView>("GET", `facetoface/merchant?token=${token}`),
});
