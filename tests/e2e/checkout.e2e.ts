import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import AxeBuilder from "@axe-core/playwright";
import { devices, type Page } from "@playwright/test";
import postgres from "postgres";
import type { TestPlatform } from "../support/platform";
import { expect, test } from "./fixtures/test";

/** What the page may weigh on a buyer's line, compressed and with its headers, as it travels. The framework alone is 120 KB of it. */
const SCRIPTS_MAX_BYTES = 165_000;

type Till = { tenant: string; wechat: string };

/** The demo's tenant and its default channel at WeChat Pay: what the command line wants to be told. */
async function tillOf({ database }: TestPlatform): Promise<Till> {
  // Past the walls, which show a tenant's rows to nobody who does not come for that tenant.
  const url = new URL(database.superuser);
  url.pathname = new URL(database.app).pathname;
  const sql = postgres(url.href, { max: 1, onnotice: () => {} });
  const [row] = await sql<Till[]>`
    select c.tenant_id as tenant, c.id as wechat from app.channel c
    where c.provider = 'wechat' and c.is_default and c.deleted_at is null and c.environment = 'simulator'
    order by c.created_at limit 1`;
  await sql.end();
  if (!row) throw new Error("the demo has a default channel at WeChat Pay");
  return row;
}

type Order = { checkoutUrl: string; orderNo: string; paymentId: string };

/** An order of 268.00 yuan. In-app payment without a payer begins nothing at the provider, so the page begins with a choice. */
async function order(platform: TestPlatform, { amountFen = 26_800, subject = "气缸密封件 套装" } = {}): Promise<Order> {
  const { tenant, wechat } = await tillOf(platform);
  const line = JSON.stringify({ orderNo: `E2E-${randomUUID()}`, subject, amountFen });
  const file = `${platform.dataDir}/order-${randomUUID()}.jsonl`;
  await writeFile(file, line);
  return (await platform.cli("payment", "create", "--tenant", tenant, "--channel", wechat, "--method", "jsapi", "--file", file)) as Order;
}

const control = (platform: TestPlatform, path: string, body: unknown, method = "POST") =>
  fetch(`${platform.simulatorUrl}/control/${path}`, {
    method,
    // A connection that idled since the last call may be closed by the other side in the very moment it is used again.
    headers: { "content-type": "application/json", connection: "close" },
    body: JSON.stringify(body),
  }).then(async (answer) => {
    if (!answer.ok) throw new Error(`the simulator refused: ${await answer.text()}`);
    return answer.json() as Promise<Record<string, unknown>>;
  });

/** Pays as a phone does that scanned the code on the screen. */
async function payByCode(platform: TestPlatform, page: Page): Promise<void> {
  const link = page.getByRole("link", { name: "模拟环境：在模拟手机上付款" });
  const [, token = ""] = /\/cashier\/([^/?#]+)/.exec((await link.getAttribute("href")) ?? "") ?? [];
  await control(platform, "pay", { code: token });
}

const choose = async (page: Page, name: string | RegExp) => {
  await page.getByRole("radio", { name }).check();
  await page.getByRole("button", { name: /付款 ¥268\.00$/ }).click();
};

const heading = (page: Page, name: string) => page.getByRole("heading", { name });

/** A reload would forget it. */
const markPage = (page: Page) => page.evaluate(() => Object.assign(window, { stayed: true }));
const expectSamePage = async (page: Page) => expect(await page.evaluate(() => "stayed" in window)).toBe(true);

const phone = { viewport: { width: 390, height: 844 }, userAgent: devices["iPhone 13"].userAgent, hasTouch: true, isMobile: true };

test.afterEach(({ platform }) => control(platform, "faults", {}, "PUT"));

for (const [method, app, receipt] of [
  ["支付宝 打开支付宝扫一扫", "支付宝", "支付宝"],
  ["微信支付 打开微信扫一扫", "微信", "微信支付"],
] as const) {
  test(`a buyer scans the code of ${receipt}, and the page turns paid by itself`, async ({ page, platform }) => {
    const { checkoutUrl, orderNo } = await order(platform);
    await page.goto(checkoutUrl);
    await expect(page.getByText(orderNo.slice(0, 12)).first()).toBeVisible();
    await markPage(page);

    await choose(page, method);
    await expect(page.getByRole("img", { name: `打开${app}「扫一扫」` })).toBeVisible();
    await payByCode(platform, page);

    await expect(heading(page, "已付款")).toBeVisible();
    await expect(page.getByRole("region", { name: "已付款" }).getByText(receipt)).toBeVisible();
    await expectSamePage(page);
    await page.reload();
    await expect(heading(page, "已付款")).toBeVisible();
  });
}

test("a buyer signs in to Alipay in this tab, pays there and comes back to a receipt", async ({ page, platform }) => {
  const { checkoutUrl } = await order(platform);
  await page.goto(checkoutUrl);

  await choose(page, /支付宝账户/);
  await page.waitForURL(`${platform.simulatorUrl}/**`);
  await page.getByRole("button", { name: /付款/ }).first().click();

  await page.waitForURL(/\/checkout\//);
  await expect(heading(page, "已付款")).toBeVisible();
  // What Alipay's return claims is neither believed nor kept in the address.
  await expect.poll(() => new URL(page.url()).searchParams.has("sign")).toBe(false);
});

test("Alipay's return proves nothing: without an answer the page checks, and does not offer to pay", async ({ page, platform }) => {
  const { checkoutUrl } = await order(platform);
  await page.goto(checkoutUrl);
  await choose(page, "支付宝 打开支付宝扫一扫");
  await expect(page.getByRole("img", { name: "打开支付宝「扫一扫」" })).toBeVisible();
  await control(platform, "faults", { "alipay.trade.query": { kind: "unsigned" } }, "PATCH");

  await page.goto(`${checkoutUrl}?out_trade_no=x&trade_no=1&total_amount=268.00&sign=forged`);

  await expect(heading(page, "正在和支付宝确认")).toBeVisible();
  await expect(page.getByText("请不要再付一次。", { exact: false })).toBeVisible();
  await expect(page.getByRole("button", { name: /付款/ })).toHaveCount(0);

  await control(platform, "faults", {}, "PUT");

  // Alipay answers now, and says that nobody has paid.
  await expect(page.getByRole("img", { name: "打开支付宝「扫一扫」" })).toBeVisible({ timeout: 45_000 });
});

test.describe("on a phone", () => {
  test.use(phone);

  for (const [method, app] of [
    ["支付宝 打开支付宝付款", "支付宝"],
    ["微信支付 打开微信付款", "微信"],
  ] as const) {
    test(`a buyer leaves for ${app} and comes back to a receipt`, async ({ page, platform }) => {
      const { checkoutUrl } = await order(platform);
      await page.goto(checkoutUrl);
      const left = page.waitForRequest((request) => request.isNavigationRequest() && request.url().startsWith(platform.simulatorUrl));

      await choose(page, method);
      const referer = (await (await left).allHeaders()).referer;
      // WeChat Pay wants to know the site. Nobody is told the address, which is the buyer's only key.
      expect(referer).toBe(app === "微信" ? `${platform.appUrl}/` : undefined);
      await page.getByRole("button", { name: /付款/ }).first().click();

      await page.waitForURL(/\/checkout\//);
      await expect(heading(page, "已付款")).toBeVisible();
    });
  }

  test("a buyer who did not pay there can open it again or change the method", async ({ page, platform }) => {
    const { checkoutUrl } = await order(platform);
    await page.goto(checkoutUrl);
    await choose(page, "支付宝 打开支付宝付款");
    await page.waitForURL(`${platform.simulatorUrl}/**`);

    await page.goto(checkoutUrl);

    await expect(heading(page, "正在等您付款")).toBeVisible();
    await page.getByRole("button", { name: "我已付款，查一下" }).click();
    await expect(page.getByText(/还没有收到这笔付款|几秒前刚问过/)).toBeVisible();
    await page.getByRole("button", { name: "换一种方式" }).click();
    await choose(page, /微信二维码/);
    await payByCode(platform, page);
    await expect(heading(page, "已付款")).toBeVisible();
  });

  test("nothing is wider than the phone, in either language", async ({ page, platform }) => {
    const { checkoutUrl } = await order(platform, { amountFen: 999_999_999, subject: "产线改造第二期尾款".repeat(6) });
    await page.setViewportSize({ width: 360, height: 740 });
    await page.goto(checkoutUrl);
    const overhang = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

    expect(await overhang()).toBeLessThanOrEqual(0);
    await page.getByRole("button", { name: "English" }).click();
    await expect(heading(page, "Choose how to pay")).toBeVisible();
    expect(await overhang()).toBeLessThanOrEqual(0);
  });
});

test("a buyer changes the method with one press; what was begun is closed at its provider once the other is paid", async ({
  page,
  platform,
}) => {
  const { checkoutUrl } = await order(platform);
  await page.goto(checkoutUrl);
  await choose(page, "支付宝 打开支付宝扫一扫");
  await expect(page.getByRole("img", { name: "打开支付宝「扫一扫」" })).toBeVisible();
  const code = await page.getByRole("link", { name: /模拟手机/ }).getAttribute("href");
  // Scanned, so that Alipay knows the trade, but not paid.
  await fetch(code ?? "");

  await page.getByRole("button", { name: "微信支付" }).click();
  await expect(page.getByRole("img", { name: "打开微信「扫一扫」" })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("img", { name: "打开微信「扫一扫」" })).toBeVisible();
  await payByCode(platform, page);

  await expect(heading(page, "已付款")).toBeVisible();
  const [, token] = /\/cashier\/([^/?#]+)/.exec(code ?? "") ?? [];
  await expect.poll(async () => (await control(platform, "scan", { code: token })).state).toBe("TRADE_CLOSED");
});

test("a provider that gives no answer leaves the outcome open: no way to pay twice until it is known", async ({ page, platform }) => {
  const { checkoutUrl } = await order(platform);
  await control(platform, "faults", { wechat: { kind: "error500" } }, "PATCH");
  await page.goto(checkoutUrl);

  await choose(page, "微信支付 打开微信扫一扫");

  await expect(heading(page, "正在和微信支付确认")).toBeVisible();
  await expect(page.getByText("还不确定")).toBeVisible();
  await expect(page.getByRole("radio")).toHaveCount(0);

  await page.reload();
  await expect(heading(page, "正在和微信支付确认")).toBeVisible();

  // Asked with the same number, WeChat Pay says that there is no such order.
  await control(platform, "faults", {}, "PUT");
  await page.getByRole("button", { name: "再查一次" }).click();
  await expect(heading(page, "这次没有付成")).toBeVisible();
  await expect(page.getByText("没有扣款")).toBeVisible();
  await page.getByRole("button", { name: "换支付宝" }).click();
  await payByCode(platform, page);
  await expect(heading(page, "已付款")).toBeVisible();
});

test("what was never sent is told as such, with another method first", async ({ page, platform }) => {
  const { checkoutUrl } = await order(platform);
  await control(platform, "faults", { "alipay.trade.precreate": { kind: "rate_limited" } }, "PATCH");
  await page.goto(checkoutUrl);

  await choose(page, "支付宝 打开支付宝扫一扫");

  await expect(heading(page, "这次没有付成")).toBeVisible();
  await expect(page.getByText("支付宝暂时联系不上，请求没有发出去。")).toBeVisible();
  await page.getByRole("button", { name: "换微信支付" }).click();
  await expect(page.getByRole("img", { name: "打开微信「扫一扫」" })).toBeVisible();
});

test("money that comes after the end is told calmly, and nothing invites to pay", async ({ page, platform }) => {
  const { checkoutUrl } = await order(platform);
  await page.goto(checkoutUrl);
  await choose(page, "支付宝 打开支付宝扫一扫");
  await expect(page.getByRole("img", { name: "打开支付宝「扫一扫」" })).toBeVisible();
  const [, code] = /\/cashier\/([^/?#]+)/.exec((await page.getByRole("link", { name: /模拟手机/ }).getAttribute("href")) ?? "") ?? [];
  await fetch(`${platform.simulatorUrl}/cashier/${code}`);
  const { outTradeNo } = await control(platform, "scan", { code });

  await platform.cli("clock", "advance", "31m");
  await expect(heading(page, "支付单已过期")).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText("没有扣款")).toBeVisible();

  await control(platform, "pay", { outTradeNo, force: true, wait: true });
  await expect(heading(page, "付款到得晚了")).toBeVisible();
  await expect(page.getByText("钱在收款方账户")).toBeVisible();
  await expect(page.getByRole("button", { name: /付款|换/ })).toHaveCount(0);
  await platform.cli("clock", "reset");
});

test("without a socket the page asks by itself", async ({ page, platform }) => {
  const { checkoutUrl } = await order(platform);
  await page.routeWebSocket(/\/ws\//, (socket) => socket.close());
  await page.goto(checkoutUrl);
  await markPage(page);
  await choose(page, "微信支付 打开微信扫一扫");
  await expect(page.getByRole("img", { name: "打开微信「扫一扫」" })).toBeVisible();

  await payByCode(platform, page);

  await expect(heading(page, "已付款")).toBeVisible({ timeout: 30_000 });
  await expectSamePage(page);
});

test("WEB-04 wrong, malformed and foreign tokens give one and the same answer", async ({ page, platform }) => {
  const answers = [];
  for (const token of ["0".repeat(26), "z".repeat(26), "short", "%2e%2e%2fhome"]) {
    const answer = await page.goto(`${platform.appUrl}/checkout/${token}`);
    await expect(heading(page, "这个付款链接无效")).toBeVisible();
    answers.push({ status: answer?.status(), text: await page.locator("main").textContent() });
  }

  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(answers[0]?.status).toBe(404);
});

test("WEB-01, WEB-02, WEB-04 the page tells nobody its address, is kept nowhere, and loads nothing of others", async ({
  page,
  platform,
}) => {
  const { checkoutUrl } = await order(platform);
  const hosts = new Set<string>();
  const complaints: string[] = [];
  page.on("request", (request) => hosts.add(new URL(request.url()).origin));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));

  const answer = await page.goto(checkoutUrl);
  await choose(page, "支付宝 打开支付宝扫一扫");
  await expect(page.getByRole("img", { name: "打开支付宝「扫一扫」" })).toBeVisible();

  const headers = answer?.headers() ?? {};
  expect(headers["referrer-policy"]).toBe("no-referrer");
  expect(headers["cache-control"]).toContain("no-store");
  expect([...hosts]).toEqual([platform.appUrl]);
  expect(complaints).toEqual([]);
});

test("the page is light", async ({ page, platform }) => {
  const { checkoutUrl } = await order(platform);
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  const scripts = new Set<string>();
  let bytes = 0;
  session.on("Network.responseReceived", ({ requestId, type }) => type === "Script" && scripts.add(requestId));
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) bytes += encodedDataLength;
  });

  await page.goto(checkoutUrl, { waitUntil: "networkidle" });

  expect(scripts.size).toBeGreaterThan(0);
  expect(bytes).toBeLessThan(SCRIPTS_MAX_BYTES);
});

test("works by keyboard alone, and reads well to assistive technology", async ({ page, platform }) => {
  const { checkoutUrl } = await order(platform);
  await page.goto(checkoutUrl);
  const barriers = async () =>
    (await new AxeBuilder({ page }).analyze()).violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  expect(await barriers()).toEqual([]);

  await page.getByRole("radio", { name: /^支付宝 打开/ }).focus();
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("radio", { name: /微信支付/ })).toBeChecked();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("img", { name: "打开微信「扫一扫」" })).toBeVisible();
  expect(await barriers()).toEqual([]);

  await payByCode(platform, page);
  // What had the focus is gone; the keyboard goes on in the receipt.
  await expect(page.getByRole("region", { name: "已付款" })).toBeFocused();
  expect(await barriers()).toEqual([]);
});
