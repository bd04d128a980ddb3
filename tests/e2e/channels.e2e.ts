import { generateKeyPairSync, randomBytes } from "node:crypto";
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import type { TestPlatform } from "../support/platform";
import { signIn } from "./fixtures/sign-in";
import { expect, test } from "./fixtures/test";

const rsa = () =>
  generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
const digits = (count: number) => Array.from(randomBytes(count), (byte) => byte % 10).join("");

/** A merchant at the simulator, as its owner would hold it: what the form asks for. */
async function newMerchant(platform: TestPlatform) {
  const { privateKey, publicKey } = rsa();
  const merchant = {
    mchid: `16${digits(8)}`,
    appid: `wx${randomBytes(8).toString("hex")}`,
    merchantSerial: `4${randomBytes(20).toString("hex").slice(1)}`.toUpperCase(),
    apiV3Key: randomBytes(16).toString("hex"),
  };
  const answer = await fetch(`${platform.simulatorUrl}/control/accounts`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ provider: "wechat", ...merchant, merchantPublicKey: publicKey }),
  });
  const { verificationKeys } = (await answer.json()) as { verificationKeys: { id: string; pem: string }[] };
  return { ...merchant, privateKey, verificationKeys };
}

const field = (page: Page, name: string) => page.getByRole("textbox", { name, exact: true });

test("an owner adds WeChat Pay, sees each key's fingerprint first, checks the channel and enables it", async ({ page, platform }) => {
  const merchant = await newMerchant(platform);
  await signIn(page, platform, "owner");
  await page.goto("/channels", { waitUntil: "networkidle" });
  await page.getByRole("link", { name: "添加渠道" }).click();
  await page.getByRole("radio", { name: "微信支付" }).check();

  await page.getByRole("button", { name: "保存渠道" }).click();
  await expect(page.getByText("请填写").first()).toBeVisible();

  await field(page, "名称").fill("微信支付 端到端");
  await field(page, "公众号 AppID").fill(merchant.appid);
  await field(page, "商户号").fill(merchant.mchid);
  await field(page, "商户私钥").fill(merchant.privateKey);
  await expect(page.getByLabel("指纹").first()).toBeVisible();
  await field(page, "商户证书序列号").fill(merchant.merchantSerial);
  await field(page, "APIv3 密钥").fill(merchant.apiV3Key);
  await expect(page.getByText("32 字节")).toBeVisible();
  for (const [index, { id, pem }] of merchant.verificationKeys.entries()) {
    if (index > 0) await page.getByRole("button", { name: "添加公钥或证书" }).click();
    await field(page, "公钥或证书").nth(index).fill(pem);
    // A certificate tells its own number; a public key does not.
    if (id.startsWith("PUB_KEY_ID_")) await field(page, "编号").nth(index).fill(id);
    await expect(field(page, "编号").nth(index)).toHaveValue(id);
  }
  await page.getByRole("button", { name: "保存渠道" }).click();
  await page.waitForURL(/\/channels\/chn_/);

  await page.getByRole("button", { name: "检测", exact: true }).click();
  await expect(page.getByText("全部通过")).toBeVisible();
  await page.getByRole("button", { name: "启用", exact: true }).click();
  await expect(page.getByText("使用中")).toBeVisible();
  expect(await page.content()).not.toContain(merchant.apiV3Key);
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
});

test("a key that is not registered is found by the doctor, and the channel cannot be enabled with it", async ({ page, platform }) => {
  await signIn(page, platform, "owner");
  await page.goto("/channels", { waitUntil: "networkidle" });
  await page.getByRole("link", { name: "支付宝 证书模式" }).click();
  await page.waitForURL(/\/channels\/chn_/);

  await page.getByRole("button", { name: "更换 应用私钥" }).click();
  await field(page, "应用私钥").fill(rsa().privateKey);
  await page.getByRole("button", { name: "保存密钥" }).click();
  await expect(page.getByRole("button", { name: "更换 应用私钥" })).toBeVisible();
  await page.getByRole("button", { name: "检测", exact: true }).click();
  await expect(page.getByText("应用证书不是这把私钥的")).toBeVisible();

  await page.getByRole("button", { name: "停用", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "停用" }).click();
  await page.getByRole("button", { name: "启用", exact: true }).click();
  await expect(page.getByText("这一项没有通过，不能启用：密钥成对")).toBeVisible();
});

test("a viewer sees fingerprints and days, and may change nothing", async ({ page, platform }) => {
  await signIn(page, platform, "viewer");
  await page.goto("/channels", { waitUntil: "networkidle" });
  await expect(page.getByLabel("指纹").first()).toBeVisible();
  await expect(page.getByRole("button", { name: "添加渠道" })).toHaveAttribute("aria-disabled", "true");
  await expect(page.getByRole("button", { name: "停用" }).first()).toHaveAttribute("aria-disabled", "true");
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
});
