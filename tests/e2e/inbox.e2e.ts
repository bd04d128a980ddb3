import { generateKeyPairSync, randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { registerAlipay } from "~/cli/demo/register-at-simulator";
import type { TestPlatform } from "../support/platform";
import { demoTenant } from "./fixtures/demo";
import { signIn } from "./fixtures/sign-in";
import { expect, test } from "./fixtures/test";

const control = async (platform: TestPlatform, path: string, body: unknown) => {
  const answer = await fetch(`${platform.simulatorUrl}/control/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", connection: "close" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`the simulator refused: ${await answer.text()}`);
  return answer.json() as Promise<{ attempts: { status: number }[] }>;
};

/** A JSON file for the command line, gone with the platform's folder. */
async function fileOf(platform: TestPlatform, content: unknown): Promise<string> {
  const file = `${platform.dataDir}/${randomUUID()}.json`;
  await writeFile(file, JSON.stringify(content));
  return file;
}

/** An order of 268.00 yuan at an Alipay channel that was set up with `alipayPublicKey`, and the app that the simulator knows. */
async function shop(platform: TestPlatform, wrongKey?: string) {
  const tenant = await demoTenant(platform);
  const name = `支付宝 ${randomUUID().slice(0, 8)}`;
  const account = await registerAlipay(platform.simulatorUrl, { name, keyMode: "public_key" });
  const channel = await fileOf(platform, { ...account, alipayPublicKey: wrongKey ?? account.alipayPublicKey });
  const { channelId } = (await platform.cli("channel", "create", "--tenant", tenant, "--file", channel)) as { channelId: string };
  const line = await fileOf(platform, { orderNo: `E2E-${randomUUID()}`, subject: "气缸密封件 套装", amountFen: 26_800 });
  // Page payment begins nothing at the provider before a browser goes there, so no answer has to be verified.
  const order = (await platform.cli("payment", "create", "--tenant", tenant, "--channel", channelId, "--method", "pc", "--file", line)) as {
    orderNo: string;
    outTradeNo: string;
  };
  return { ...order, channelId, name, appId: account.appId, alipayPublicKey: account.alipayPublicKey ?? "" };
}
type Shop = Awaited<ReturnType<typeof shop>>;

/** News of the order, validly signed by the simulator, at this very moment. */
async function tell(platform: TestPlatform, { appId, channelId, outTradeNo }: Shop, fields: Record<string, string> = {}): Promise<number> {
  const { attempts } = await control(platform, "messages", {
    provider: "alipay",
    account: appId,
    channelNotifyUrl: `${platform.appUrl}/api/payment/alipay/notify/${channelId}`,
    fields: {
      out_trade_no: outTradeNo,
      trade_no: `2026112022001${String(Math.random()).slice(2, 15).padEnd(13, "0")}`,
      trade_status: "TRADE_SUCCESS",
      total_amount: "268.00",
      receipt_amount: "268.00",
      notify_time: "2026-11-20 10:09:41",
      gmt_payment: "2026-11-20 10:09:40",
      buyer_id: "2088522004913387",
      ...fields,
    },
  });
  return attempts[0]?.status ?? 0;
}

const open = async (page: Page, number: string) => {
  await page.goto(`/inbox?q=${number}`, { waitUntil: "networkidle" });
  await page.locator("tbody").getByRole("link").first().click();
  await page.waitForURL(/\/inbox\/ntf_/);
};

test("a message refused for a wrong key is found, run dry, and settles its payment once the key is right", async ({ page, platform }) => {
  const wrong = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({ type: "spki", format: "pem" }).toString();
  const order = await shop(platform, wrong);
  expect(await tell(platform, order)).toBe(400);
  await signIn(page, platform, "owner");

  await page.goto("/inbox?state=refused", { waitUntil: "networkidle" });
  await expect(page.getByRole("cell", { name: "验签 报文与签名不一致" }).first()).toBeVisible();
  await open(page, order.outTradeNo);
  await expect(page.getByText("报文与签名不一致。")).toBeVisible();
  await expect(page.getByText("没有采信，账上没有改动")).toBeVisible();
  await expect(page.getByText("与待签名串不一致", { exact: true })).toBeVisible();
  expect(await page.content()).not.toContain("2088522004913387");
  await page.getByRole("button", { name: "试跑" }).click();
  await expect(page.getByText("仍然没有通过")).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

  await page.getByRole("link", { name: "看支付配置" }).click();
  await page.getByRole("button", { name: "更换 支付宝公钥" }).click();
  await page.getByRole("textbox", { name: "支付宝公钥", exact: true }).fill(order.alipayPublicKey);
  await page.getByRole("button", { name: "保存密钥" }).click();
  await expect(page.getByRole("button", { name: "更换 支付宝公钥" })).toBeVisible();

  await open(page, order.outTradeNo);
  await page.getByRole("button", { name: "正式重跑…" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText("报文：已拒绝 → 已应用")).toBeVisible();
  await expect(dialog.getByText("支付单：待支付 → 已支付")).toBeVisible();
  await expect(dialog.getByText("账目：记入 268.00 元")).toBeVisible();
  await dialog.getByRole("button", { name: "重跑", exact: true }).click();

  await expect(page.getByText("4 处改动")).toBeVisible();
  await expect(page.getByText("验签通过", { exact: true })).toBeVisible();
  await expect(page.getByText(`268.00 元已记到支付单 ${order.orderNo}。`)).toBeVisible();
  await page.getByRole("button", { name: "试跑" }).click();
  await expect(page.getByText("0 处改动")).toBeVisible();
});

test("a message with another amount comes in by itself, shows what was expected, and leads to its case", async ({ page, platform }) => {
  const order = await shop(platform);
  await signIn(page, platform, "finance");
  await page.goto(`/inbox?q=${order.outTradeNo}`, { waitUntil: "networkidle" });
  await expect(page.getByText("没有符合条件的报文。")).toBeVisible();

  // Another app and another amount: no query of ours may settle the first of the two doubts.
  expect(await tell(platform, order, { app_id: "2021000000000009", total_amount: "286.00" })).toBe(400);

  await expect(page.getByRole("cell", { name: "核对不符", exact: true })).toBeVisible();
  await expect(page.getByRole("cell", { name: "286.00" })).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await page.locator("tbody").getByRole("link").first().click();

  await expect(page.getByText("报文里的应用号不是这张支付单用的那个。")).toBeVisible();
  await expect(page.getByText("订单应收 268.00")).toBeVisible();
  await expect(page.getByText("5 项里有 2 项不符").or(page.getByText("4 项里有 2 项不符"))).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await page.getByRole("link", { name: "去异常资金处理" }).click();
  await expect(page.getByText("收款方不符").first()).toBeVisible();
  await expect(page.getByRole("link", { name: order.orderNo })).toBeVisible();
});

test("a viewer reads a message, and is told why they cannot run it", async ({ page, platform }) => {
  const order = await shop(platform);
  await tell(platform, order, { out_trade_no: `X-${order.outTradeNo.slice(4)}` });
  await signIn(page, platform, "viewer");

  await open(page, `X-${order.outTradeNo.slice(4)}`);

  await expect(page.getByText("我方没有这张订单。")).toBeVisible();
  for (const name of ["试跑", "正式重跑…"]) {
    await expect(page.getByRole("button", { name })).toHaveAttribute("aria-disabled", "true");
    await expect(page.getByRole("button", { name })).toHaveAttribute("aria-description", /只读/);
  }
});
