import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { type DifferingDay, differingDay, shortDay } from "./fixtures/reconciliation";
import { signIn } from "./fixtures/sign-in";
import { expect, test } from "./fixtures/test";

/** The demo's day that differs in two lines; the journeys follow each other in the order of the file, and the last one ends both. */
let differing: DifferingDay;

const monthOf = ({ day }: DifferingDay) => day.slice(0, 7);
const cell = (page: Page, state: RegExp) =>
  page.getByRole("row", { name: new RegExp(`^${differing.channelName} `) }).getByRole("link", {
    name: new RegExp(`${shortDay(differing.day)} ${state.source}`),
  });
async function openCalendar(page: Page) {
  differing = await differingDay(page);
  await page.goto(`/reconciliation?month=${monthOf(differing)}`, { waitUntil: "networkidle" });
}
async function openDay(page: Page) {
  await openCalendar(page);
  await cell(page, /有差异/).click();
  await page.waitForURL(/\/reconciliation\/rec_/);
}

test("the calendar says which day differs, in light and dark, and the keyboard walks it", async ({ page, platform }) => {
  await signIn(page, platform, "finance");
  await openCalendar(page);
  await expect(cell(page, /有差异 2 条差异没有处理/)).toBeVisible();
  await expect(page.getByRole("table", { name: "未处理的差异" })).toContainText("我方缺");
  await expect(page.getByRole("link", { name: /^对账，\d+ 项$/ })).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

  await page.emulateMedia({ colorScheme: "dark" });
  await page.reload({ waitUntil: "networkidle" });
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

  await cell(page, /有差异/).focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/reconciliation\/rec_/);
  await expect(page.getByRole("heading", { level: 1 })).toContainText(shortDay(differing.day));
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
});

test("on a phone and in English the month is a list, and a day reads whole", async ({ page, platform }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await signIn(page, platform, "finance");
  await page.context().addCookies([{ name: "locale", value: "en", url: platform.appUrl }]);
  await openCalendar(page);
  await expect(page.getByRole("heading", { name: "Reconciliation" })).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

  await page
    .getByRole("listitem")
    .getByRole("link", { name: new RegExp(`${shortDay(differing.day)}.*2 open difference`) })
    .click();
  await expect(page.getByRole("row", { name: /Gap of payments/ })).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
});

test("a viewer sees everything, and is told why they may do nothing", async ({ page, platform }) => {
  await signIn(page, platform, "viewer");
  await openDay(page);
  for (const name of ["重新对账…", "锁定"]) {
    await expect(page.getByRole("button", { name })).toHaveAttribute("aria-disabled", "true");
    await expect(page.getByRole("button", { name })).toHaveAttribute("aria-description", /只读/);
  }

  await page.getByRole("table", { name: "这一天的差异" }).getByRole("link").first().click();
  for (const name of ["改派", "结束这条差异…"]) {
    await expect(page.getByRole("button", { name })).toHaveAttribute("aria-description", /只读/);
  }
});

test("the dialog of 重新对账 says what it does, and finds the same again", async ({ page, platform }) => {
  await signIn(page, platform, "finance");
  await openDay(page);
  await expect(page.getByRole("button", { name: "锁定" })).toHaveAttribute("aria-description", "对平后才能锁定");
  await page.getByRole("button", { name: "重新对账…" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("人工结束的差异保持结束");
  await expect(dialog.getByRole("button", { name: "取消" })).toBeFocused();

  await dialog.getByRole("button", { name: "重新对账" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("tab", { name: /^待处理\s*2/ })).toBeVisible();
  await expect(page.getByText("有差异", { exact: true })).toBeVisible();
});

test("finance ends both differences with a reason; day and calendar are balanced without a reload, and the day is locked", async ({
  page,
  platform,
  context,
}) => {
  await signIn(page, platform, "finance");
  const beside = await context.newPage();
  await openCalendar(page);
  await beside.goto(page.url(), { waitUntil: "networkidle" });
  await openDay(page);
  const drawer = page.getByRole("complementary").filter({ hasText: "两边对照" });
  const dialog = page.getByRole("dialog");
  const end = async (reason: string) => {
    await drawer.getByRole("button", { name: "结束这条差异…" }).click();
    await expect(dialog.getByRole("button", { name: "结束差异" })).toHaveAttribute("aria-disabled", "true");
    await dialog.getByLabel(/原因/).fill(reason);
    await dialog.getByRole("button", { name: "结束差异" }).click();
    await expect(drawer).toContainText("结束差异没有动钱，也没有改账");
    await expect(drawer).toContainText(reason);
    await page.keyboard.press("Escape");
  };

  await page.getByRole("table", { name: "这一天的差异" }).getByRole("link", { name: differing.strangerNo }).click();
  await expect(drawer).toContainText("的账单里有一笔 268.00 元的收款，我方账里没有。");
  await expect(drawer.getByRole("row", { name: /金额 不同/ })).toContainText("没有");
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await end("门店收款码的一笔，凭证 V-12");
  await expect(cell(beside, /有差异 1 条差异没有处理/)).toBeVisible();
  await page.getByRole("table", { name: "这一天的差异" }).getByRole("link").first().click();
  await expect(drawer).toContainText("这一天的账单里没有这一笔");
  await end("渠道已补记，工单 T-7");

  await expect(cell(beside, /已对平/)).toBeVisible();
  await page.getByRole("button", { name: "锁定" }).click();
  await expect(page.getByRole("button", { name: "解锁" })).toBeVisible();
  await expect(page.getByRole("button", { name: "重新对账…" })).toHaveAttribute("aria-description", "这一天已锁定，先解锁");
  await expect(cell(beside, /已锁定/)).toBeVisible();
});
