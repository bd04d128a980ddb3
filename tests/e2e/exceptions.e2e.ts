import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { signIn } from "./fixtures/sign-in";
import { expect, test } from "./fixtures/test";

/** The demo begins with two cases: 12,600.00 paid twice two days ago, and 8,800.00 paid after the order was closed. Other journeys may open more. */
const list = (page: Page) => page.getByRole("region", { name: "异常资金列表" });
const sum = (page: Page) => page.getByRole("region", { name: "在险资金" });
const paidTwice = (page: Page) => list(page).getByRole("link", { name: /重复支付.*12,600\.00/ });
const paidLate = (page: Page) => list(page).getByRole("link", { name: /关单后到账.*8,800\.00/ });

/** The total at risk, in fen. */
async function atRisk(page: Page): Promise<number> {
  const [, yuan = "", cents = ""] = /¥\s*([\d,]+)\s*\.(\d{2})/.exec((await sum(page).textContent()) ?? "") ?? [];
  return Number(yuan.replaceAll(",", "") + cents);
}

test("finance takes a case, notes what is known, and ends it with a reason; the money leaves plum", async ({ page, platform }) => {
  await signIn(page, platform, "finance");
  await page.goto("/exceptions", { waitUntil: "networkidle" });
  await expect(sum(page)).toBeVisible();
  const before = await atRisk(page);
  await expect(page.getByText("买家付了两次。这张支付单已付清，又收到 12,600.00 元。")).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

  await paidLate(page).click();
  await page.waitForURL(/\/exceptions\/cas_/);
  await expect(page.getByText("支付单已关闭，买家随后付了 8,800.00 元。")).toBeVisible();
  await expect(page.getByRole("row", { name: /状态 不同/ })).toContainText("已关闭");
  await page.getByRole("button", { name: "认领" }).click();
  await expect(sum(page)).toContainText("已领");
  await expect(page.getByRole("button", { name: "认领" })).toHaveCount(0);

  await page.getByLabel("写下已知的情况或做过的事").fill("已电话联系买家，同意原路退回");
  await page.getByRole("button", { name: "添加备注" }).click();
  await expect(page.getByRole("listitem").filter({ hasText: "已电话联系买家" })).toBeVisible();

  await page.getByRole("button", { name: "处理完毕…" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText("8,800.00 元不再计入在险资金")).toBeVisible();
  await expect(dialog.getByRole("button", { name: "处理完毕" })).toHaveAttribute("aria-disabled", "true");
  await dialog.getByLabel(/原因/).fill("渠道已原路退回，退款单号 R-1");
  await dialog.getByRole("button", { name: "处理完毕" }).click();

  await expect.poll(() => atRisk(page)).toBe(before - 880_000);
  await expect(page.getByText("在我方账户，已有处理结论")).toBeVisible();
  await expect(page.getByText("渠道已原路退回，退款单号 R-1").first()).toBeVisible();
  await page.getByRole("tab", { name: "已结束" }).click();
  await expect(paidLate(page)).toBeVisible();
});

test("a case is filtered, given to a colleague, and given back", async ({ page, platform }) => {
  await signIn(page, platform, "owner");
  await page.goto("/exceptions?kind=paid_twice", { waitUntil: "networkidle" });
  await expect(list(page).getByRole("link", { name: /关单后到账/ })).toHaveCount(0);
  await paidTwice(page).click();
  await page.waitForURL(/\/exceptions\/cas_/);

  await page.getByRole("button", { name: "分派" }).click();
  await page.getByRole("menuitem", { name: /沈予安/ }).click();
  await expect(paidTwice(page)).toContainText("沈予安");
  await page.getByRole("button", { name: "负责人" }).click();
  await page.getByRole("option", { name: "没人领的" }).click();
  await expect(paidTwice(page)).toHaveCount(0);
  await page.getByRole("button", { name: "清除负责人" }).click();

  await page.getByRole("button", { name: "分派" }).click();
  await page.getByRole("menuitem", { name: "不再分派" }).click();
  await expect(paidTwice(page)).toContainText("没人领");
});

test("a viewer sees everything, and is told why they may do nothing", async ({ page, platform }) => {
  await signIn(page, platform, "viewer");
  await page.goto("/exceptions", { waitUntil: "networkidle" });

  for (const name of ["分派", "处理完毕…", "添加备注"]) {
    await expect(page.getByRole("button", { name })).toHaveAttribute("aria-disabled", "true");
    await expect(page.getByRole("button", { name })).toHaveAttribute("aria-description", /只读/);
  }
});

test("on a phone the list leads to a page of its own, and back", async ({ page, platform }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await signIn(page, platform, "finance");
  await page.goto("/exceptions", { waitUntil: "networkidle" });
  await expect(page.getByText("两边对照")).toBeHidden();

  await list(page).getByRole("link").first().click();
  await expect(page.getByRole("heading", { name: "两边对照" })).toBeVisible();
  await expect(list(page)).toBeHidden();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await page.getByRole("link", { name: "返回异常资金" }).click();
  await expect(list(page)).toBeVisible();
});
