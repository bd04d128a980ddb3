import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { registerAlipay } from "~/cli/demo/register-at-simulator";
import { agentOf } from "~/simulator/testing/agent-clients";
import { test as base, expect as impatient, SHOP } from "./fixtures/simulator";

// Bounds for what hangs, far above what anything takes: a busy machine must not fail a journey.
base.describe.configure({ timeout: 180_000 });
const expect = impatient.configure({ timeout: 30_000 });

/** A picture that a browser can show: a BMP of one colour, 10 KB. */
function bmp(red: number, green: number, blue: number): Buffer {
  const side = 60;
  const head = Buffer.alloc(54);
  head.write("BM");
  head.writeUInt32LE(54 + side * side * 3, 2);
  head.writeUInt32LE(54, 10);
  head.writeUInt32LE(40, 14);
  head.writeInt32LE(side, 18);
  head.writeInt32LE(side, 22);
  head.writeUInt16LE(1, 26);
  head.writeUInt16LE(24, 28);
  return Buffer.concat([head, Buffer.alloc(side * side * 3, Buffer.from([blue, green, red]))]);
}

const PICTURES = { business_license_pic: bmp(240, 240, 230), shop_sign_board_pic: bmp(20, 90, 200), shop_scene_pic: bmp(180, 140, 90) };
const NOODLES = { shop_name: "文三路面馆", business_license_no: "91330100MA00000000", long_term: "true" };

/** `agent` applies at the simulator for a merchant, signing for real. */
const test = base.extend<{ agent: ReturnType<typeof agentOf> }>({
  agent: async ({ simulator, shop }, use) => {
    // Emptied afterwards, with the shop.
    expect(shop.news).toEqual([]);
    await use(agentOf(simulator, await registerAlipay(simulator.url, { name: SHOP, keyMode: "public_key" })));
  },
});

const apply = (agent: ReturnType<typeof agentOf>, extra: object = {}) => agent.submit(extra, NOODLES, PICTURES);
const deskOf = (page: Page) => page.getByRole("region", { name: "模拟器各部分" });
const merchantOf = (page: Page) => page.getByRole("region", { name: "商户的手机" });

async function openApplication(page: Page): Promise<void> {
  await page.goto("/?tab=signing");
  await deskOf(page)
    .getByRole("button", { name: /^展开 文三路面馆/ })
    .click();
}

/** The link that Alipay gives to the provider once the application is approved. */
async function confirmLink(agent: ReturnType<typeof agentOf>, batchNo: string): Promise<string> {
  return String((await agent.query(batchNo)).confirm_url);
}

test.describe("the reviewer's desk", () => {
  test("shows everything that was sent, holds it, sees the correction arrive and approves", async ({ page, agent }) => {
    await page.goto("/?tab=signing");
    const desk = deskOf(page);
    await expect(desk.getByText("还没有代开通申请")).toBeVisible();

    const batchNo = await apply(agent);
    await expect(desk.getByText("1 份等待审核")).toBeVisible();
    await desk.getByRole("button", { name: /^展开 文三路面馆/ }).click();
    for (const text of [
      "shop@example.com",
      "王小明 · 13800000000",
      SHOP,
      "A0001_B0199 · 餐饮 / 火锅",
      "0.38%",
      "文三路 1 号",
      "91330100MA00000000",
    ]) {
      await expect(desk.getByText(text, { exact: true })).toBeVisible();
    }
    for (const name of ["营业执照", "门头", "店内"]) {
      const picture = desk.getByRole("link", { name: `在新标签页看${name}` }).locator("img");
      await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(60);
    }

    await expect(desk.getByRole("button", { name: "暂存" })).toHaveAttribute("aria-description", "请先填原因");
    await desk.getByLabel("原因", { exact: true }).fill("门头照不清楚");
    await desk.getByRole("button", { name: "暂存" }).click();
    await expect(desk.getByRole("row", { name: /文三路面馆/ }).first()).toContainText("暂存");
    expect(await agent.query(batchNo)).toMatchObject({ order_status: "MERCHANT_INFO_HOLD", reject_reason: "门头照不清楚" });

    await agent.sign(batchNo, NOODLES, PICTURES);
    await expect(desk.getByRole("row", { name: /文三路面馆/ }).first()).toContainText("已修正，待提交");
    await agent.confirm(batchNo);
    await desk.getByRole("button", { name: "通过" }).click();
    await expect(desk.getByRole("link", { name: "打开商户确认页" })).toBeVisible();
    await expect(desk.getByRole("button", { name: "通过" })).toHaveAttribute("aria-description", /待商户确认/);
    await expect(desk.getByText(/14 天 23 小时|15 天/).first()).toBeVisible();
  });

  test("rejects with a reason, which the provider is told", async ({ page, agent }) => {
    const batchNo = await apply(agent);
    await openApplication(page);
    const desk = deskOf(page);
    await desk.getByLabel("原因", { exact: true }).fill("经营内容与类目不符");
    await desk.getByRole("button", { name: "驳回" }).click();

    await expect(desk.getByRole("row", { name: /文三路面馆/ }).first()).toContainText("已驳回");
    await expect(desk.getByRole("listitem").filter({ hasText: "MERCHANT_APPLY_ORDER_CANCELED" })).toContainText("经营内容与类目不符");
    expect(await agent.query(batchNo)).toMatchObject({
      order_status: "MERCHANT_APPLY_ORDER_CANCELED",
      reject_reason: "经营内容与类目不符",
      product_agent_status_infos: [{ status: "auditReject" }],
    });
  });

  test("counts a batch's hour down, and shows at once that it is over", async ({ page, agent }) => {
    const batchNo = await agent.open();
    await page.goto("/?tab=signing");
    const row = deskOf(page).getByRole("row", { name: /未填店名/ });
    await expect(row).toContainText(/(5\d|60):\d\d/);
    await page.getByRole("button", { name: "跳 1 小时" }).click();

    await expect(row).toContainText("事务超时");
    await expect(page.getByText("代开通超时 1 份")).toBeVisible();
    await row.getByRole("button", { name: new RegExp(batchNo) }).click();
    await expect(deskOf(page).getByText("还没有收到资料。")).toBeVisible();
    await expect(deskOf(page).getByRole("button", { name: "让它超时" })).toHaveAttribute("aria-description", /事务超时/);
  });

  test("works by keyboard alone, and speaks English", async ({ page, agent }) => {
    await apply(agent);
    await page.goto("/?tab=statements");
    await page.getByRole("button", { name: "English" }).click();
    await page.getByRole("tab", { name: "Statements" }).focus();
    await page.keyboard.press("ArrowRight");
    await expect(page.getByRole("tab", { name: /^Signing/ })).toBeFocused();
    await page.keyboard.press("Tab");
    await expect(page.getByRole("button", { name: /^Open 文三路面馆/ })).toBeFocused();
    await page.keyboard.press("Enter");
    await page.getByLabel("Reason").focus();
    await page.keyboard.insertText("blurred");
    await page.getByRole("button", { name: "Hold", exact: true }).focus();
    await page.keyboard.press("Enter");

    await expect(page.getByRole("listitem").filter({ hasText: "MERCHANT_INFO_HOLD" })).toContainText("blurred");
    const words = await page.getByRole("tabpanel", { name: "Signing" }).textContent();
    const sent = /文三路面馆|文三路 1 号|王小明|支/g;
    expect(words?.replaceAll(SHOP, "").replace(sent, "")).not.toMatch(/\p{Script=Han}/u);
  });
});

test.describe("the merchant's page", () => {
  test("asks, confirms, and the desk and the provider hear of it", async ({ page, context, agent }) => {
    const batchNo = await apply(agent, { account: "approve@example.com" });
    await openApplication(page);
    const opened = context.waitForEvent("page");
    await deskOf(page).getByRole("link", { name: "打开商户确认页" }).click();
    const phone = await opened;
    const merchant = merchantOf(phone);

    expect(phone.url()).toBe(await confirmLink(agent, batchNo));
    for (const text of [SHOP, "当面付", "approve@example.com", "文三路面馆", "文三路 1 号", "0.38%"]) {
      await expect(merchant).toContainText(text);
    }
    await merchant.getByRole("button", { name: "确认开通" }).click();

    await expect(merchant.getByRole("status")).toContainText("已开通");
    await expect(
      deskOf(page)
        .getByRole("row", { name: /文三路面馆/ })
        .first(),
    ).toContainText("已开通");
    expect(await agent.query(batchNo)).toMatchObject({ order_status: "MERCHANT_CONFIRM_SUCCESS" });
    await phone.reload();
    await expect(merchant.getByRole("status")).toContainText("已开通");
  });

  test("refuses only after a second thought", async ({ page, agent }) => {
    const batchNo = await apply(agent, { account: "approve@example.com" });
    await page.goto(await confirmLink(agent, batchNo));
    const merchant = merchantOf(page);
    await merchant.getByRole("button", { name: "拒绝" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "取消" }).click();
    await expect(merchant.getByRole("button", { name: "确认开通" })).toBeVisible();
    await merchant.getByRole("button", { name: "拒绝" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "拒绝开通" }).click();

    await expect(merchant.getByRole("status")).toContainText("已拒绝");
    expect(await agent.query(batchNo)).toMatchObject({
      order_status: "MERCHANT_APPLY_ORDER_CANCELED",
      product_agent_status_infos: [{ status: "none" }],
    });
  });

  test("says at once that its time is over, and that a link is none", async ({ page, shop, agent }) => {
    const batchNo = await apply(agent, { account: "approve@example.com" });
    await page.goto(await confirmLink(agent, batchNo));
    const merchant = merchantOf(page);
    await expect(merchant.getByText(/14 天 23 小时|15 天/)).toBeVisible();
    await shop.control("POST", "clock", { advance: "15d" });
    await expect(merchant.getByRole("status")).toContainText("链接已过期");

    for (const path of ["/merchant/no-such-link", "/merchant/"]) {
      await page.goto(path);
      await expect(merchant.getByRole("status")).toContainText("链接无效");
    }
  });

  test("waits for a simulator that does not answer, and then asks", async ({ page, agent }) => {
    const link = await confirmLink(agent, await apply(agent, { account: "approve@example.com" }));
    await page.route("**/control/**", (route) => route.abort());
    await page.goto(link);
    await expect(page.getByRole("alert")).toContainText("模拟器没有应答");

    await page.unroute("**/control/**");
    await page.getByRole("button", { name: "重试" }).click();

    await expect(merchantOf(page).getByRole("button", { name: "确认开通" })).toBeVisible();
  });
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`has no barrier that a machine can find, in ${colorScheme}`, async ({ page, agent }) => {
    // The machine reads every element of the page; on a busy computer that takes its time.
    test.slow();
    await page.emulateMedia({ colorScheme });
    const batchNo = await apply(agent, { account: "approve@example.com" });
    const found: string[] = [];
    const look = async (where: string) => {
      const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]).analyze();
      found.push(...violations.map(({ id, nodes }) => `${where}: ${id} ${nodes[0]?.html}`));
    };
    await page.goto(await confirmLink(agent, batchNo));
    await expect(merchantOf(page).getByRole("button", { name: "确认开通" })).toBeVisible();
    await look("商户页");
    await merchantOf(page).getByRole("button", { name: "拒绝" }).click();
    await look("拒绝");
    await openApplication(page);
    await look("审核");

    expect(found).toEqual([]);
  });
}

test("fits a phone: nothing runs off the side", async ({ page, agent }) => {
  const batchNo = await apply(agent, { account: "approve@example.com" });
  await page.setViewportSize({ width: 360, height: 800 });
  await openApplication(page);
  await expect(deskOf(page).getByRole("link", { name: "打开商户确认页" })).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);

  await page.goto(await confirmLink(agent, batchNo));
  await expect(merchantOf(page).getByRole("button", { name: "确认开通" })).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
});
