import { AlipayFormData, AlipaySdk } from "alipay-sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { agentOf, callMultipart, deskOf, pictureOf, productFields, SHOP_ADDRESS } from "../../testing/agent-clients";
import { newAlipayApp, openSimulator, type TestBench } from "../../testing/harness";
import { signedParameters } from "../../testing/raw-clients";
import { pictureFormat } from "./pictures";

// The SDK writes its timestamp in the process's own zone; Alipay reads it as Beijing time.
process.env.TZ = "Asia/Shanghai";

const SIGN = "alipay.open.agent.facetoface.sign";
const MB = 1024 * 1024;
let bench: TestBench;
let app: Awaited<ReturnType<typeof newAlipayApp>>;
let agent: ReturnType<typeof agentOf>;
beforeAll(async () => {
  bench = await openSimulator();
  app = await newAlipayApp(bench);
  agent = agentOf(bench, app);
});
afterAll(() => bench.close());

const one = (bytes: Buffer) => ({ shop_sign_board_pic: bytes });
const applicationOf = async (batchNo: string) => {
  const { applications } = await deskOf(bench).desk();
  return applications.find((application) => application.batchNo === batchNo);
};

describe("pictures", () => {
  it.each([
    ["just under 5 KB", pictureOf("png", 5 * 1024 - 1), "FILE_SIZE_MIN_LIMIT"],
    ["nothing", Buffer.alloc(0), "FILE_SIZE_MIN_LIMIT"],
    ["just over 5 MB", pictureOf("jpg", 5 * MB + 1), "FILE_SIZE_OUT_LIMIT"],
    ["a script named .png", Buffer.from(`<script>alert(1)</script>${" ".repeat(6_000)}`), "FILE_FORMAT_IS_INVALID"],
    ["a web page", Buffer.from(`<!doctype html><html>${"<p>书</p>".repeat(1_000)}`), "FILE_FORMAT_IS_INVALID"],
    ["an SVG", Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg">${"<g/>".repeat(2_000)}</svg>`), "FILE_FORMAT_IS_INVALID"],
    ["a PDF", Buffer.concat([Buffer.from("%PDF-1.7\n"), Buffer.alloc(6_000)]), "FILE_FORMAT_IS_INVALID"],
    ["a text that begins like a BMP", Buffer.from(`BM<script>${"x".repeat(6_000)}`), "FILE_FORMAT_IS_INVALID"],
    ["a WebP", Buffer.concat([Buffer.from("RIFF\0\0\0\0WEBPVP8 ", "latin1"), Buffer.alloc(6_000)]), "FILE_FORMAT_IS_INVALID"],
  ])("refuses %s and keeps nothing of the call", async (_what, bytes, subCode) => {
    const batchNo = await agent.open();
    expect(await agent.sign(batchNo, {}, one(bytes))).toMatchObject({ code: "40004", sub_code: subCode });
    expect((await agent.confirm(batchNo)).sub_code).toBe("BATCH_IS_EMPTY");
  });

  it.each(["png", "jpg", "gif", "bmp"] as const)("takes a %s of the smallest size, whatever its part is called", async (kind) => {
    const batchNo = await agent.open();

    expect((await agent.sign(batchNo, {}, one(pictureOf(kind, 5 * 1024)))).code).toBe("10000");
    expect((await applicationOf(batchNo))?.pictures).toMatchObject([{ name: "shop_sign_board_pic", format: kind, bytes: 5_120 }]);
  });

  it("takes five pictures of 5 MB in one call, byte for byte", { timeout: 120_000 }, async () => {
    const batchNo = await agent.open();
    const names = ["business_license_pic", "business_license_auth_pic", "shop_scene_pic", "shop_sign_board_pic", "special_license_pic"];
    const files = Object.fromEntries(
      names.map((name, index) => [name, Buffer.concat([pictureOf("jpg", 5 * MB - 1), Buffer.from([index])])]),
    );
    const node = await agent.sign(batchNo, { business_license_no: "91330100MA00000000" }, files);

    expect(node.code).toBe("10000");
    const application = await applicationOf(batchNo);
    expect(application?.pictures.map(({ name, bytes }) => [name, bytes])).toEqual(names.map((name) => [name, 5 * MB]));
    const shown = await fetch(bench.url + application?.pictures[4]?.url);
    expect(Object.fromEntries(shown.headers)).toMatchObject({
      "content-type": "image/jpeg",
      "x-content-type-options": "nosniff",
      "content-security-policy": "default-src 'none'; sandbox",
    });
    expect(Buffer.from(await shown.arrayBuffer()).equals(files.special_license_pic ?? Buffer.alloc(0))).toBe(true);
  });

  it("are known by their first bytes alone", () => {
    expect(["png", "jpg", "gif", "bmp"].map((kind) => pictureFormat(pictureOf(kind as "png")))).toEqual(["png", "jpg", "gif", "bmp"]);
    expect(pictureFormat(Buffer.from("BM"))).toBeNull();
    expect(pictureFormat(Buffer.alloc(0))).toBeNull();
  });
});

describe("the parts of the call", () => {
  it.each([
    ["no category", { mcc_code: "" }, "INVALID_PARAMETER"],
    ["a category of one level", { mcc_code: "A0001" }, "INVALID_PARAMETER"],
    ["a category with a gap", { mcc_code: "A0001__B0199" }, "INVALID_PARAMETER"],
    ["a long category", { mcc_code: "A0000000_B0000000" }, "INVALID_PARAMETER"],
    ["a rate that is missing", { rate: "" }, "FACE_TO_FACE_RATE_PARAM_ERROR"],
    ["0.37 percent", { rate: "0.37" }, "FACE_TO_FACE_RATE_PARAM_ERROR"],
    ["0.61 percent", { rate: "0.61" }, "FACE_TO_FACE_RATE_PARAM_ERROR"],
    ["three decimals", { rate: "0.385" }, "FACE_TO_FACE_RATE_PARAM_ERROR"],
    ["a rate out of range without the authorisation", { rate: "1", sign_and_auth: "false" }, "FACE_TO_FACE_RATE_PARAM_ERROR"],
    ["a yes that is no boolean", { sign_and_auth: "yes" }, "isv.invalid-parameter"],
    ["an address that is no JSON", { shop_address: "文三路 1 号" }, "isv.invalid-parameter"],
    ["an address that is a list", { shop_address: "[]" }, "isv.invalid-parameter"],
    ["a key given twice", { shop_address: '{"city_code":"330100","city_code":"330200"}' }, "isv.invalid-parameter"],
    ["a number for a code", { shop_address: '{"city_code":330100}' }, "isv.invalid-parameter"],
    ["a city that is no code", { shop_address: '{"city_code":"杭州"}' }, "INVALID_PARAMETER"],
    ["ten digits of a mobile", { business_license_mobile: "1380000000" }, "INVALID_PARAMETER"],
    ["a long licence number", { business_license_no: "9".repeat(33) }, "INVALID_PARAMETER"],
    ["a day in another form", { date_limitation: "2030/01/01" }, "INVALID_PARAMETER"],
    ["a picture that is a text", { shop_scene_pic: "data:image/png;base64,AAAA" }, "isv.invalid-parameter"],
  ])("refuse %s", async (_what, extra, subCode) => {
    const batchNo = await agent.open();
    expect((await agent.sign(batchNo, extra)).sub_code).toBe(subCode);
  });

  it.each(["0.38", "0.6", "0.60", "0.5"])("take %s percent", async (rate) => {
    expect((await agent.sign(await agent.open(), { rate })).code).toBe("10000");
  });

  it("need no rate without the authorisation, and no picture", async () => {
    expect((await agent.sign(await agent.open(), { rate: "", sign_and_auth: "" }, {})).code).toBe("10000");
  });

  it("are signed each by each: a changed one is refused, with the text that was verified", async () => {
    for (const tampered of [{ shop_name: "别的店" }, { shop_address: "{}" }, { rate: "0.6" }]) {
      const batchNo = await agent.open();
      const { node } = await callMultipart(bench, app, productFields(batchNo), one(pictureOf("png")), { tampered });

      expect(node.sub_code).toBe("isv.invalid-signature");
      expect(node.sub_msg).toContain(`batch_no=${batchNo}&charset=utf-8`);
      expect(node.sub_msg).not.toContain("shop_sign_board_pic");
    }
  });

  it("are not looked for in biz_content", async () => {
    const body = signedParameters(app, SIGN, productFields(await agent.open()));
    const answer = await (await fetch(`${bench.url}/gateway.do`, { method: "POST", body })).text();

    expect(answer).toContain('"sub_code":"INVALID_PARAMETER","sub_msg":"参数无效：batch_no 不能为空"');
  });

  it("may hold what is not known, which is left out and said in the journal", async () => {
    const batchNo = await agent.open();
    const extra = { shopName: "x", shop_address: JSON.stringify({ ...SHOP_ADDRESS, $fen: "x" }) };
    await agent.sign(batchNo, extra, { ...one(pictureOf("png")), shopScenePic: pictureOf("png") });

    expect(await applicationOf(batchNo)).toMatchObject({ shopAddress: SHOP_ADDRESS, pictures: [{ name: "shop_sign_board_pic" }] });
    expect((await applicationOf(batchNo))?.shopAddress).not.toHaveProperty("$fen");
    expect((await bench.journal()).entries.find(({ outTradeNo, what }) => outTradeNo === batchNo && what === SIGN)?.warnings).toEqual([
      "未知字段 shop_address.$fen",
      "未知字段 shopName",
      "未知字段 shopScenePic",
    ]);
  });
});

describe("alipay-sdk, unmodified", () => {
  it("opens, signs with files and confirms with verified answers", async () => {
    const sdk = new AlipaySdk({
      appId: app.appId,
      privateKey: app.privateKey,
      keyType: "PKCS8",
      alipayPublicKey: app.alipayPublicKey,
      gateway: `${bench.url}/gateway.do`,
      camelcase: false,
    });
    const checked = { validateSign: true };
    const contact = { contact_name: "王小明", contact_mobile: "13800000000" };
    const created = await sdk.exec(
      "alipay.open.agent.create",
      { biz_content: { account: "shop@example.com", contact_info: contact } },
      checked,
    );
    const batchNo = String(created.batch_no);
    const formData = new AlipayFormData();
    for (const [name, value] of Object.entries(productFields(batchNo))) formData.addField(name, value);
    formData.addFile("shop_sign_board_pic", "门头.png", pictureOf("png"));
    formData.addFile("shop_scene_pic", "scene.bmp", pictureOf("bmp", 2 * MB));
    const signed = await sdk.exec(SIGN, {}, { ...checked, formData });
    const confirmed = await sdk.exec("alipay.open.agent.confirm", { biz_content: { batch_no: batchNo } }, checked);
    const order = await sdk.exec("alipay.open.agent.order.query", { biz_content: { batch_no: batchNo } }, checked);

    expect(signed).toMatchObject({ code: "10000" });
    expect(order).toMatchObject({ code: "10000", order_no: confirmed.order_no, order_status: "MERCHANT_AUDITING" });
    expect(await applicationOf(batchNo)).toMatchObject({
      fields: { shop_name: "A+B 100% 面馆", rate: "0.38", sign_and_auth: "true" },
      shopAddress: SHOP_ADDRESS,
      pictures: [
        { name: "shop_sign_board_pic", filename: "门头.png", bytes: 6_000 },
        { name: "shop_scene_pic", filename: "scene.bmp", bytes: 2 * MB },
      ],
    });
  });

  it("gets a refusal of a picture as a verified answer", async () => {
    const sdk = new AlipaySdk({
      appId: app.appId,
      privateKey: app.privateKey,
      keyType: "PKCS8",
      alipayPublicKey: undefined,
      appCertContent: app.appCert,
      alipayPublicCertContent: app.alipayCert,
      alipayRootCertContent: app.alipayRootCert,
      gateway: `${bench.url}/gateway.do`,
      camelcase: false,
    });
    const formData = new AlipayFormData();
    for (const [name, value] of Object.entries(productFields(await agent.open()))) formData.addField(name, value);
    formData.addFile("shop_scene_pic", "scene.png", Buffer.from("<script>".repeat(1_000)));

    expect(await sdk.exec(SIGN, {}, { validateSign: true, formData })).toMatchObject({ code: "40004", sub_code: "FILE_FORMAT_IS_INVALID" });
  });
});
