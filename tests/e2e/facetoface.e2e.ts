import { randomUUID } from "node:crypto";
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { drawSheet } from "~/cli/demo/sheet";
import type { TestPlatform } from "../support/platform";
import { demoIsvChannel } from "./fixtures/demo";
import { signIn } from "./fixtures/sign-in";
import { test as base, expect as impatient } from "./fixtures/test";

// Bounds for what hangs, far above what anything takes: a busy machine must not fail a journey.
base.describe.configure({ timeout: 240_000 });
const expect = impatient.configure({ timeout: 60_000 });

const test = base;
// Every journey begins at the machine's time.
test.afterEach(async ({ platform }) => {
  await platform.cli("clock", "reset");
});

const PICTURES = ["business_license", "shop_scene", "shop_sign_board"] as const;

/** Applies as the signed-in person's browser does: pictures first, then the application. Answers its id and its shop's name. */
async function apply(page: Page, platform: TestPlatform, reapplyOf?: string): Promise<{ id: string; shop: string }> {
  const shop = `知味 ${randomUUID().slice(0, 8)}`;
  const origin = platform.appUrl;
  const pictures: Record<string, string> = {};
  for (const slot of PICTURES) {
    const answer = await page.request.post("/api/facetoface/pictures", {
      headers: { origin, "content-type": "application/octet-stream" },
      data: drawSheet(`${shop} ${slot}`),
    });
    expect(answer.status()).toBe(201);
    pictures[slot] = ((await answer.json()) as { id: string }).id;
  }
  const answer = await page.request.post("/api/trpc/facetoface.create", {
    headers: { origin },
    data: {
      json: {
        channelId: await demoIsvChannel(platform),
        merchantName: `${shop} 餐饮有限公司`,
        account: "owner@shop.example",
        contactName: "周敏",
        contactMobile: "13805710001",
        shopName: shop,
        shopAddress: { provinceCode: "330000", cityCode: "330100", districtCode: "330106", detail: "文三路 259 号" },
        mccCode: "A0002_B0115",
        rate: "0.38",
        signAndAuth: true,
        businessLicenseNo: "91330106MA2KJ0XC0H",
        licenseLongTerm: true,
        pictures,
        ...(reapplyOf && { reapplyOf }),
      },
    },
  });
  const told = (await answer.json()) as { result?: { data: { json: { id: string } } } };
  if (!told.result) throw new Error(`not created: ${JSON.stringify(told)}`);
  return { id: told.result.data.json.id, shop };
}

/** What Alipay's reviewer does. */
async function review(platform: TestPlatform, act: "approve" | "reject" | "hold", batchNo: string, reason?: string): Promise<void> {
  const answer = await fetch(`${platform.simulatorUrl}/control/facetoface/${act}`, {
    method: "POST",
    headers: { "content-type": "application/json", connection: "close" },
    body: JSON.stringify({ batchNo, ...(reason && { reason }) }),
  });
  if (!answer.ok) throw new Error(`the simulator refused: ${await answer.text()}`);
}

const rows = (page: Page) => page.getByRole("table", { name: "当面付申请单列表" }).locator("tbody").getByRole("row");
const drawer = (page: Page) => page.getByRole("complementary").filter({ has: page.getByRole("tablist", { name: "申请单详情" }) });
/** The number that Alipay gave to its batch, as the detail shows it: the whole of it is there for screen readers. */
async function batchOf(page: Page): Promise<string> {
  const number = page
    .locator("dt", { hasText: /^批次号$/ })
    .first()
    .locator("xpath=following-sibling::dd")
    .locator(".sr-only")
    .first();
  await expect(number).toHaveText(/^\d{16,}$/);
  return (await number.textContent()) ?? "";
}

test("an application is submitted, reviewed, confirmed by the merchant, and turns open by itself", async ({ page, context, platform }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await signIn(page, platform, "owner");
  await page.goto("/facetoface", { waitUntil: "networkidle" });
  const { shop } = await apply(page, platform);

  // The list hears of it, and of its submission, without being asked.
  const row = rows(page).filter({ hasText: shop }).first();
  await expect(row).toContainText("已提交");
  await row.getByRole("link").first().click();
  await expect(page).toHaveURL(/open=f2f_/);
  await expect(drawer(page).getByText("已提交到支付宝，等支付宝审核")).toBeVisible();
  await expect(drawer(page).getByRole("listitem").filter({ hasText: "确认提交" })).toContainText("通过");

  await platform.cli("clock", "advance", "6m");
  await expect(drawer(page).getByText("支付宝正在人工审核")).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

  await review(platform, "approve", await batchOf(page));
  await drawer(page).getByRole("button", { name: "查询状态" }).click();
  await expect(drawer(page).getByText("支付宝有新进展：待商家确认")).toBeVisible();
  await expect(drawer(page).getByRole("img", { name: "商家确认二维码" })).toBeVisible();
  await drawer(page).getByRole("button", { name: "复制并记为已重发" }).click();
  await expect(drawer(page).getByText(/已重发 1 次/)).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

  const merchant = await context.newPage();
  await merchant.goto(link);
  await merchant.getByRole("button", { name: "确认开通" }).click();
  await expect(merchant.getByText("已开通").first()).toBeVisible();
  await merchant.close();

  await platform.cli("clock", "advance", "5h");
  await expect(drawer(page).getByText("商家已确认，当面付已开通，可以收款。")).toBeVisible();
  await expect(row).toContainText("开通成功");
  await expect(drawer(page).getByRole("button", { name: "查询状态" })).toHaveAttribute("aria-description", "申请已经结束");
});

test("a rejected application says why and is followed by another", async ({ page, platform }) => {
  await signIn(page, platform, "admin");
  const { id } = await apply(page, platform);
  await page.goto(`/facetoface/${id}`, { waitUntil: "networkidle" });
  await expect(page.getByText("已提交到支付宝，等支付宝审核")).toBeVisible();

  await review(platform, "reject", await batchOf(page), "经营内容与类目不符");
  await page.getByRole("button", { name: "查询状态" }).click();
  await expect(page.getByText("审核驳回").first()).toBeVisible();
  await expect(page.getByText("经营内容与类目不符").first()).toBeVisible();
  await expect(page.getByText("不涉及款项")).toBeVisible();
  await expect(page.getByRole("link", { name: "重新申请" }).first()).toHaveAttribute("href", `/facetoface/new?from=${id}`);
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

  const next = await apply(page, platform, id);
  const facts = page.getByRole("complementary", { name: "申请单信息" });
  await expect(facts.getByText("后续申请")).toBeVisible();
  await facts.locator(`a[href="/facetoface/${next.id}"]`).click();
  await page.waitForURL(`**/facetoface/${next.id}`);
  await expect(facts.locator(`a[href="/facetoface/${id}"]`)).toBeVisible();
});

test("what Alipay holds waits for a person, in the list, the navigation and the detail", async ({ page, platform }) => {
  await signIn(page, platform, "owner");
  const { id, shop } = await apply(page, platform);
  await page.goto(`/facetoface/${id}`, { waitUntil: "networkidle" });
  await expect(page.getByText("已提交到支付宝，等支付宝审核")).toBeVisible();
  await review(platform, "hold", await batchOf(page), "门头照不清楚");
  await page.getByRole("button", { name: "查询状态" }).click();

  await expect(page.getByRole("link", { name: "去修正" }).first()).toHaveAttribute("href", `/facetoface/${id}/edit`);
  await expect(page.getByText("门头照不清楚").first()).toBeVisible();
  await expect(page.getByRole("link", { name: /^当面付，\d+ 项$/ }).first()).toBeVisible();
  await page.goto("/facetoface?status=attention", { waitUntil: "networkidle" });
  await expect(rows(page).filter({ hasText: shop })).toContainText("待补正");

  await rows(page)
    .filter({ hasText: shop })
    .getByRole("button", { name: /更多操作/ })
    .click();
  await page.getByRole("menuitem", { name: "撤回申请…" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("button", { name: "撤回申请" })).toHaveAttribute("aria-disabled", "true");
  await dialog.getByLabel(/原因/).fill("商户不开了");
  await dialog.getByRole("button", { name: "撤回申请" }).click();
  await expect(rows(page).filter({ hasText: shop })).toHaveCount(0);
  await page.goto(`/facetoface?q=${encodeURIComponent(shop)}`, { waitUntil: "networkidle" });
  await expect(rows(page).filter({ hasText: shop })).toContainText("已撤回");
});

test("persons and pictures are masked until an owner looks, and the look is noted", async ({ page, platform }) => {
  await signIn(page, platform, "owner");
  const { id } = await apply(page, platform);
  await page.goto(`/facetoface/${id}?part=material`, { waitUntil: "networkidle" });
  await expect(page.getByText("138****0001")).toBeVisible();
  expect(await page.content()).not.toContain("13805710001");
  await expect(page.getByText("浙江省杭州市西湖区文三路 259 号")).toBeVisible();

  await page.getByRole("button", { name: "放大营业执照" }).click();
  const large = page.getByRole("dialog").getByRole("img", { name: "营业执照" });
  await expect.poll(() => large.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(360);
  await page.getByRole("dialog").getByRole("button", { name: "关闭" }).click();
  await page.getByRole("button", { name: "查看明文" }).click();
  await expect(page.getByText("13805710001")).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

  await page.getByRole("tab", { name: "概览" }).click();
  await expect(page.getByText("查看了个人资料")).toBeVisible();
  await page.getByRole("tab", { name: /接口记录/ }).click();
  await page.getByRole("button", { name: "看回答 alipay.open.agent.create" }).click();
  await expect(page.getByText(/"batch_no":/)).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
});

test("a viewer reads everything masked, and is told why they may do nothing", async ({ page, platform }) => {
  await signIn(page, platform, "viewer");
  await page.goto("/facetoface", { waitUntil: "networkidle" });
  await expect(rows(page).first()).toBeVisible();
  await expect(page.getByRole("button", { name: "新建申请" })).toHaveAttribute("aria-description", /只读/);
  await rows(page).filter({ hasText: "知味小馆" }).getByRole("link").first().click();

  await expect(drawer(page).getByText("商家已确认，当面付已开通，可以收款。")).toBeVisible();
  await expect(drawer(page).getByRole("button", { name: "查询状态" })).toHaveAttribute("aria-description", /只读/);
  await drawer(page)
    .getByRole("tab", { name: /资料与附件/ })
    .click();
  await expect(drawer(page).getByRole("button", { name: "查看明文" })).toHaveAttribute("aria-description", /只读/);
  await expect(drawer(page).getByText("图片里有商户的个人资料")).toBeVisible();
  await expect(drawer(page).locator("img[src*='/api/facetoface/pictures/']")).toHaveCount(0);
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
});

test("on a phone the list leads to a page of its own, and nothing runs over the edge", async ({ page, platform }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await signIn(page, platform, "owner");
  await page.goto("/facetoface", { waitUntil: "networkidle" });
  await rows(page).filter({ hasText: "青竹文具" }).getByRole("link").first().click();

  await page.waitForURL(/\/facetoface\/f2f_/);
  await expect(page.getByText("营业执照经营范围与所选类目不符", { exact: false }).first()).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await page.getByRole("link", { name: "当面付" }).first().click();
  await page.waitForURL(/\/facetoface$/);
});
