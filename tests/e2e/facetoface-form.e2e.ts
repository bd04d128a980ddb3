import { randomUUID } from "node:crypto";
import AxeBuilder from "@axe-core/playwright";
import type { Locator, Page } from "@playwright/test";
import { makePicture } from "../support/pictures";
import type { TestPlatform } from "../support/platform";
import { signIn } from "./fixtures/sign-in";
import { test as base, expect as impatient } from "./fixtures/test";

// Bounds for what hangs, far above what anything takes: a busy machine must not fail a journey.
base.describe.configure({ timeout: 240_000 });
const test = base;
const expect = impatient.configure({ timeout: 30_000 });
const SUBMITTED_WITHIN = { timeout: 120_000 };

/** By its label, which says as well that a field may stay empty. */
const field = (page: Page, name: string) => page.getByRole("textbox", { name: new RegExp(`^${name}\\s*(选填|Optional)?$`) });
const slot = (page: Page, name: string) => page.getByRole("group", { name, exact: true });
const form = (page: Page) => page.getByRole("form");

/** An account that nobody else applies for; a word at its beginning makes a wish at the simulator. */
const newAccount = (wish = "shop") => `${wish}.${randomUUID().slice(0, 8)}@example.com`;

async function openForm(page: Page, platform: TestPlatform, address = "/facetoface/new"): Promise<void> {
  await signIn(page, platform, "admin");
  await page.goto(address, { waitUntil: "networkidle" });
  await expect(form(page)).toBeVisible();
}

/** One of a list, by typing the beginning of its name. */
async function pick(page: Page, label: string, name: string): Promise<void> {
  await page.getByRole("button", { name: label, exact: true }).click();
  await page.getByRole("option", { name, exact: true }).click();
}

const ZH = {
  merchantName: "商家名称",
  account: "商家支付宝账号",
  contactName: "联系人",
  contactMobile: "联系人手机",
  shopName: "店铺名称",
  province: "省份",
  city: "城市",
  district: "区县",
  detail: "详细地址",
  category: "经营类目",
};
const EN: typeof ZH = {
  merchantName: "Merchant name",
  account: "Merchant's Alipay account",
  contactName: "Contact",
  contactMobile: "Contact's mobile",
  shopName: "Shop name",
  province: "Province",
  city: "City",
  district: "District",
  detail: "Street address",
  category: "Category",
};

async function fillNeeded(page: Page, words: typeof ZH, { account, shopName }: { account: string; shopName: string }): Promise<void> {
  await field(page, words.merchantName).fill("杭州禾川餐饮有限公司");
  await field(page, words.account).fill(account);
  await field(page, words.contactName).fill("沈予安");
  await field(page, words.contactMobile).fill("138 0013 8000");
  await field(page, words.shopName).fill(shopName);
  await pick(page, words.province, "浙江省");
  await pick(page, words.city, "杭州市");
  await pick(page, words.district, "西湖区");
  await field(page, words.detail).fill("文三路 90 号 1 楼");
  await field(page, words.category).fill("A0001_B0199");
}

const upload = (place: Locator, name: string, bytes: Buffer) =>
  place.locator("input[type=file]").setInputFiles({ name, mimeType: "application/octet-stream", buffer: bytes });

type AtAlipay = {
  account: string;
  shopName: string;
  orderStatus: string | null;
  confirmedTimes: number;
  pictures: { name: string; bytes: number }[];
};

/** What the simulator holds for an account: every batch, newest first. */
async function atAlipay({ simulatorUrl }: TestPlatform, account: string): Promise<AtAlipay[]> {
  const answer = await fetch(`${simulatorUrl}/control/facetoface`);
  const { batches } = (await answer.json()) as { batches: AtAlipay[] };
  return batches.filter((batch) => batch.account === account);
}

test("an admin applies with pictures, which arrive at Alipay once and as they were", async ({ page, platform }) => {
  const account = newAccount();
  await openForm(page, platform);
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await fillNeeded(page, ZH, { account, shopName: "禾川面馆 文三路店" });
  await field(page, "营业执照号").fill("91330100799655058b");
  await page.getByRole("checkbox", { name: "长期有效" }).check();
  await page.getByRole("checkbox", { name: "代签约并授权" }).check();
  await field(page, "费率").fill("0.38%");
  const [licence, front] = [makePicture("png", 8_000), makePicture("jpg", 60_000)];
  await upload(slot(page, "营业执照"), "licence.png", licence);
  await upload(slot(page, "店铺门头"), "front.jpg", front);
  await expect(slot(page, "营业执照").getByRole("img", { name: "营业执照预览" })).toBeVisible();
  await expect(slot(page, "店铺门头").getByText("JPG · 59 KB")).toBeVisible();

  // Pressed twice, as people do.
  await page.getByRole("button", { name: "提交申请" }).dblclick();
  await page.waitForURL(/\/facetoface\/f2f_/, { timeout: 60_000 });

  await expect
    .poll(() => atAlipay(platform, account), SUBMITTED_WITHIN)
    .toMatchObject([
      {
        confirmedTimes: 1,
        shopName: "禾川面馆 文三路店",
        pictures: [
          { name: "business_license_pic", bytes: licence.length },
          { name: "shop_sign_board_pic", bytes: front.length },
        ],
      },
    ]);
  await expect(page.getByText("已提交").first()).toBeVisible(SUBMITTED_WITHIN);
});

test("in English: what does not fit is said at its field and leads there; what is right is sent", async ({ page, platform }) => {
  const account = newAccount();
  await openEnglish(page, platform);

  await page.getByRole("button", { name: "Submit application" }).click();
  const summary = page.getByRole("alert", { name: "10 things to correct" });
  await expect(summary).toBeFocused();
  await summary.getByRole("button", { name: /^Contact's mobile/ }).click();
  await expect(field(page, "Contact's mobile")).toBeFocused();
  await expect(page.getByText("Enter the contact's mobile").last()).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

  await fillNeeded(page, EN, { account, shopName: "Harbour Noodles" });
  await field(page, "Rate").fill("0.7");
  await field(page, "Contact's mobile").fill("0571 88888888");
  await page.getByRole("button", { name: "Submit application" }).click();
  await expect(page.getByRole("alert", { name: "2 things to correct" })).toBeFocused();
  await expect(page.getByText("The rate must be between 0.38% and 0.60%").first()).toBeVisible();

  await field(page, "Rate").fill("0.6");
  await field(page, "Contact's mobile").fill("13800138000");
  await page.getByRole("button", { name: "Submit application" }).click();
  await page.waitForURL(/\/facetoface\/f2f_/, { timeout: 60_000 });
  await expect
    .poll(() => atAlipay(platform, account), SUBMITTED_WITHIN)
    .toMatchObject([{ confirmedTimes: 1, shopName: "Harbour Noodles" }]);
});

/** The fixture signs in by Chinese words. */
async function openEnglish(page: Page, platform: TestPlatform): Promise<void> {
  await signIn(page, platform, "admin");
  await page.context().addCookies([{ name: "locale", value: "en", url: platform.appUrl }]);
  await page.goto("/facetoface/new", { waitUntil: "networkidle" });
  await expect(form(page)).toBeVisible();
}

test("a picture that Alipay would not take is refused in words, by what it is and not by its name", async ({ page, platform }) => {
  await openForm(page, platform);
  const place = slot(page, "店铺内景");

  await upload(place, "inside.jpg", Buffer.from("<script>alert(1)</script>".padEnd(9_000)));
  await expect(place.getByRole("alert")).toContainText("文件内容不是 png、jpg、gif 或 bmp 图片");
  await upload(place, "inside.png", makePicture("png", 5_119));
  await expect(place.getByRole("alert")).toContainText("图片小于 5 KB");
  await upload(place, "inside.jpg", makePicture("jpg", 5_242_881));
  await expect(place.getByRole("alert")).toContainText("图片大于 5 MB");
  // The beginning of a picture and nothing behind it: the server looks closer.
  await upload(place, "inside.gif", Buffer.concat([Buffer.from("GIF89a\0\0\0\0", "latin1"), Buffer.alloc(9_000)]));
  await expect(place.getByRole("alert")).toContainText("文件内容不是 png、jpg、gif 或 bmp 图片");

  await upload(place, "inside.bmp", makePicture("bmp", 20_000));
  await expect(place.getByRole("img", { name: "店铺内景预览" })).toBeVisible();
  await expect(place.getByRole("alert")).toHaveCount(0);
  await place.getByRole("button", { name: "移除店铺内景" }).click();
  await expect(place.getByRole("button", { name: "选择店铺内景" })).toBeFocused();
});

test("a picture may be dropped or pasted, and one that gets lost on the way may be sent again", async ({ page, platform }) => {
  await openForm(page, platform);
  const place = slot(page, "店铺门头");
  const bytes = makePicture("png", 9_000).toString("base64");
  const transferOf = (base64: string) =>
    page.evaluateHandle((text) => {
      const transfer = new DataTransfer();
      const content = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
      transfer.items.add(new File([content], "front.png", { type: "image/png" }));
      return transfer;
    }, base64);

  await page.route("**/api/facetoface/pictures", (route) => route.abort("connectionreset"), { times: 1 });
  await place.dispatchEvent("drop", { dataTransfer: await transferOf(bytes) });
  await expect(place.getByRole("alert")).toContainText("网络断了");
  await place.getByRole("button", { name: "重新上传店铺门头" }).click();
  await expect(place.getByRole("img", { name: "店铺门头预览" })).toBeVisible();

  const inside = slot(page, "店铺内景");
  await inside.getByRole("button", { name: "选择店铺内景" }).focus();
  await page.evaluate((text) => {
    const transfer = new DataTransfer();
    const content = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    transfer.items.add(new File([content], "pasted.png", { type: "image/png" }));
    document.activeElement?.dispatchEvent(new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true, cancelable: true }));
  }, bytes);
  await expect(inside.getByRole("img", { name: "店铺内景预览" })).toBeVisible();
});

test("a reload brings back what names nobody; leaving by a link asks first", async ({ page, platform }) => {
  await openForm(page, platform);
  await fillNeeded(page, ZH, { account: "secret.person@example.com", shopName: "沈家面馆" });
  await field(page, "营业执照号").fill("91330100799655058B");
  await field(page, "费率").fill("0.45");
  await field(page, "给同事的备注").fill("由沈予安跟进");
  await upload(slot(page, "店铺门头"), "front.png", makePicture("png", 9_000));
  await expect(slot(page, "店铺门头").getByRole("img")).toBeVisible();

  await page.getByRole("link", { name: "当面付", exact: true }).last().click();
  await page.getByRole("dialog").getByRole("button", { name: "继续填写" }).click();
  await expect(field(page, "店铺名称")).toHaveValue("沈家面馆");

  const stored = await page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }));
  for (const personal of ["secret.person", "沈予安", "沈家面馆", "禾川", "13800138000", "138 0013 8000", "91330100799655058B", "文三路"]) {
    expect(stored).not.toContain(personal);
  }
  page.on("dialog", (dialog) => void dialog.accept());
  await page.reload({ waitUntil: "networkidle" });

  await expect(page.getByText("已恢复刷新前的内容")).toBeVisible();
  await expect(page.getByRole("button", { name: "区县", exact: true })).toHaveText("西湖区");
  await expect(field(page, "费率")).toHaveValue("0.45");
  await expect(field(page, "经营类目")).toHaveValue("A0001_B0199");
  await expect(slot(page, "店铺门头").getByRole("img")).toBeVisible();
  for (const name of ["商家名称", "商家支付宝账号", "联系人", "联系人手机", "店铺名称", "详细地址", "营业执照号", "给同事的备注"]) {
    await expect(field(page, name)).toHaveValue("");
  }
  await page.getByRole("button", { name: "从空白开始" }).click();
  await expect(field(page, "费率")).toHaveValue("");
});

test("what Alipay held is corrected and goes on in the same batch", async ({ page, platform }) => {
  const account = newAccount("hold");
  await openForm(page, platform);
  await fillNeeded(page, ZH, { account, shopName: "禾川面馆 翠苑店" });
  await upload(slot(page, "店铺门头"), "front.png", makePicture("png", 9_000));
  await expect(slot(page, "店铺门头").getByRole("img")).toBeVisible();
  await page.getByRole("button", { name: "提交申请" }).click();
  await page.waitForURL(/\/facetoface\/f2f_/, { timeout: 60_000 });
  await expect.poll(() => atAlipay(platform, account), SUBMITTED_WITHIN).toMatchObject([{ orderStatus: "MERCHANT_INFO_HOLD" }]);
  const edit = `${new URL(page.url()).pathname}/edit`;
  // Alipay is asked five minutes after the submission.
  await platform.cli("clock", "advance", "6m");
  await expect(async () => {
    await page.goto(edit, { waitUntil: "networkidle" });
    await expect(page.getByText("支付宝暂存了这份申请")).toBeVisible({ timeout: 5_000 });
  }).toPass(SUBMITTED_WITHIN);

  await expect(page.getByText("资料校验未通过，请修正后重新提交")).toBeVisible();
  await expect(page.getByText(account)).toBeVisible();
  await expect(field(page, "联系人手机")).toHaveValue("13800138000");
  await expect(page.getByRole("button", { name: "区县", exact: true })).toHaveText("西湖区");
  await expect(slot(page, "店铺门头").getByRole("img")).toBeVisible();
  await field(page, "店铺名称").fill("禾川面馆 翠苑二店");
  await page.getByRole("button", { name: "重新提交" }).click();
  await page.waitForURL(({ pathname }) => /^\/facetoface\/f2f_[^/]+$/.test(pathname), { timeout: 60_000 });

  await expect
    .poll(() => atAlipay(platform, account), SUBMITTED_WITHIN)
    .toMatchObject([
      { orderStatus: "MERCHANT_AUDITING", confirmedTimes: 2, shopName: "禾川面馆 翠苑二店", pictures: [{ name: "shop_sign_board_pic" }] },
    ]);
});

test("by keyboard alone at the width of a phone", async ({ page, platform }) => {
  const account = newAccount();
  await page.setViewportSize({ width: 390, height: 844 });
  await openForm(page, platform);
  const type = async (name: string, text: string) => {
    await tabTo(page, name);
    await page.keyboard.type(text);
  };
  const choose = async (name: string, filter: string) => {
    await tabTo(page, name);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("option").first()).toBeVisible();
    await page.keyboard.type(filter);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("listbox")).toHaveCount(0);
  };

  await type("商家名称", "杭州禾川餐饮有限公司");
  await type("商家支付宝账号", account);
  await type("联系人", "沈予安");
  await type("联系人手机", "13800138000");
  await type("店铺名称", "键盘面馆");
  await choose("省份", "浙江");
  await choose("城市", "杭州");
  await choose("区县", "西湖");
  await type("详细地址", "文三路 90 号");
  await type("经营类目", "A0001_B0199");
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await tabTo(page, "提交申请");
  await page.keyboard.press("Enter");

  await page.waitForURL(/\/facetoface\/f2f_/, { timeout: 60_000 });
  await expect.poll(() => atAlipay(platform, account), SUBMITTED_WITHIN).toMatchObject([{ confirmedTimes: 1, shopName: "键盘面馆" }]);
});

/** Goes on by the Tab key until the control of that name has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  const wanted = page.locator(":focus").and(page.getByLabel(name, { exact: true }).or(page.getByRole("button", { name, exact: true })));
  for (let presses = 0; presses < 60; presses += 1) {
    if ((await wanted.count()) > 0) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`no control named ${name} is reached by the Tab key`);
}

test("a viewer may not apply, and is told why", async ({ page, platform }) => {
  await signIn(page, platform, "viewer");
  await page.goto("/facetoface/new");

  await expect(page.getByText("您的角色不能做这件事。")).toBeVisible();
  await expect(page.getByText("可以请所有者或管理员调整您的角色。")).toBeVisible();
  await expect(form(page)).toHaveCount(0);
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
});
