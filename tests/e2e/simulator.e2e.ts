import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, SHOP, test } from "./fixtures/simulator";

const phoneOf = (page: Page) => page.getByRole("region", { name: "买家的手机" });
const turnTo = (page: Page, tab: string) => page.getByRole("tablist", { name: "模拟器各部分" }).getByRole("tab", { name: tab }).click();

async function scan(page: Page, code: string): Promise<void> {
  await phoneOf(page).getByLabel("二维码内容或链接").fill(code);
  await page.keyboard.press("Enter");
}

test.describe("the phone", () => {
  test("scans a code, pays with a discount, and the shop hears of it", async ({ page, shop }) => {
    const { outTradeNo, code } = await shop.alipayOrder("42000.00");
    await page.goto("/");
    const phone = phoneOf(page);

    await scan(page, code);
    await expect(phone).toContainText(SHOP);
    await expect(phone).toContainText("产线改造 第二期尾款");
    await phone.getByRole("button", { name: "用优惠" }).click();
    await phone.getByLabel("平台优惠").fill("42000");
    await expect(phone.getByText("请填金额，小于订单金额")).toBeVisible();
    await phone.getByLabel("平台优惠").fill("1,000.5");
    await phone.getByRole("button", { name: "付款 ¥40,999.50" }).click();

    await expect(phone.getByRole("status")).toContainText("付款成功");
    await expect(phone.getByText("商家已收下")).toBeVisible();
    const told = new URLSearchParams(shop.news.at(-1));
    expect([told.get("out_trade_no"), told.get("trade_status"), told.get("total_amount"), told.get("buyer_pay_amount")]).toEqual([
      outTradeNo,
      "TRADE_SUCCESS",
      "42000.00",
      "40999.50",
    ]);
  });

  test("lists what is open in the app that it belongs to, and pays what is tapped", async ({ page, shop }) => {
    await page.goto("/");
    const phone = phoneOf(page);
    await expect(phone.getByText("没有待付款的订单")).toBeVisible();

    await shop.wechatOrder(480_000);
    await phone.getByRole("tab", { name: "微信 1" }).click();
    await phone.getByRole("button", { name: /视觉检测模组/ }).click();
    await phone.getByRole("button", { name: "付款 ¥4,800.00" }).click();

    await expect(phone.getByRole("status")).toContainText("付款成功");
    await phone.getByRole("button", { name: "回到订单", exact: true }).click();
    await expect(phone.getByRole("button", { name: /视觉检测模组/ })).toContainText("已付款");
  });

  test("opens a link on its trade; who cancels or is declined may try again", async ({ page, shop }) => {
    const { code } = await shop.wechatOrder(10_000);
    await page.goto(`/?code=${encodeURIComponent(code)}`);
    const phone = phoneOf(page);

    await phone.getByRole("button", { name: "付款失败" }).click();
    await expect(phone.getByRole("status")).toContainText("付款被拒绝");
    await phone.getByRole("button", { name: "再试一次" }).click();
    await phone.getByRole("button", { name: "取消" }).click();
    await expect(phone.getByRole("status")).toContainText("已取消");
    await page.reload();
    await expect(phone.getByRole("button", { name: "付款 ¥100.00" })).toBeVisible();
    expect(shop.news).toEqual([]);
  });

  test("pays late: after the time ran out the money moves all the same", async ({ page, shop }) => {
    const { outTradeNo, code } = await shop.alipayOrder("88.00");
    await page.goto("/");
    const phone = phoneOf(page);

    await scan(page, code);
    await phone.getByRole("button", { name: "让它超时" }).click();
    await expect(phone.getByRole("status")).toContainText("订单已超时");
    await phone.getByRole("button", { name: "仍然付款" }).click();

    await expect(phone.getByRole("status")).toContainText("付款成功");
    const { node } = await shop.alipay("alipay.trade.query", { out_trade_no: outTradeNo });
    expect(node.trade_status).toBe("TRADE_SUCCESS");
  });

  test("shows at once what the shop does meanwhile", async ({ page, shop }) => {
    const { outTradeNo, code } = await shop.alipayOrder("88.00");
    await page.goto("/");
    await scan(page, code);
    await expect(phoneOf(page).getByRole("button", { name: "付款 ¥88.00" })).toBeVisible();

    await shop.alipay("alipay.trade.close", { out_trade_no: outTradeNo });

    await expect(phoneOf(page).getByRole("status")).toContainText("订单已关闭");
  });

  test("says that a code is none, and that a declined amount will be declined", async ({ page, shop }) => {
    const { outTradeNo } = await shop.alipayOrder("13.44");
    await page.goto("/");
    const phone = phoneOf(page);

    await scan(page, "weixin://wxpay/bizpayurl?pr=nothing");
    await expect(phone.getByRole("alert")).toContainText("没有找到这笔订单");
    await scan(page, outTradeNo);
    await expect(phone.getByText("金额以 .44 结尾")).toBeVisible();
    await phone.getByRole("button", { name: "付款 ¥13.44" }).click();
    await expect(phone.getByRole("status")).toContainText("付款被拒绝");
  });
});

test.describe("the desk", () => {
  test("a fault switched on by hand strikes as often as told, and the journal shows it", async ({ page, shop }) => {
    const { code, outTradeNo } = await shop.alipayOrder("88.00");
    await page.goto("/?tab=faults");
    await scan(page, code);

    await page.getByLabel("接口", { exact: true }).selectOption("alipay.trade.query");
    await page.getByLabel("次数 system_error").fill("1");
    await page.getByRole("switch", { name: /系统繁忙/ }).click();
    await expect(page.getByText("1 个故障开着")).toBeVisible();
    const struck = await shop.alipay("alipay.trade.query", { out_trade_no: outTradeNo });
    const after = await shop.alipay("alipay.trade.query", { out_trade_no: outTradeNo });

    expect([struck.node.code, after.node.code]).toEqual(["20000", "10000"]);
    await expect(page.getByText("次数已用完")).toBeVisible();
    await expect(page.getByRole("switch", { name: /系统繁忙/ })).toHaveAttribute("aria-checked", "false");
    await turnTo(page, "记录");
    await page.getByLabel("搜索记录").fill("system_error");
    await page.getByRole("button", { name: "展开 alipay.trade.query" }).click();
    await expect(page.getByRole("list", { name: "请求" })).toContainText(outTradeNo);
    await page.getByRole("tab", { name: "应答" }).click();
    await expect(page.getByRole("list", { name: "应答" })).toContainText("isp.unknow-error");
  });

  test("the journal holds still while it is paused and tells what waits", async ({ page, shop }) => {
    await page.goto("/");
    await shop.alipayOrder("1.00");
    await expect(page.getByRole("cell", { name: "alipay.trade.precreate", exact: true })).toHaveCount(1);

    await page.getByRole("button", { name: "暂停" }).click();
    await shop.alipayOrder("2.00");
    await expect(page.getByRole("cell", { name: "alipay.trade.precreate", exact: true })).toHaveCount(1);
    await page.getByRole("button", { name: "有 1 条新的" }).click();

    await expect(page.getByRole("cell", { name: "alipay.trade.precreate", exact: true })).toHaveCount(2);
  });

  test("the clock jumps to the next month and back, and says what it moved", async ({ page, shop }) => {
    const { code } = await shop.alipayOrder("88.00");
    await page.goto("/");
    await scan(page, code);
    await page.getByRole("button", { name: "到月初" }).click();

    await expect(page.getByText("关单 1 笔 · 投递 1 次，收下 1 次")).toBeVisible();
    await expect(page.getByText("比真实时间快")).toBeVisible();
    expect(new URLSearchParams(shop.news.at(-1)).get("trade_status")).toBe("TRADE_CLOSED");
    await page.getByRole("button", { name: "复位" }).click();
    await expect(page.getByText("与真实时间一致")).toBeVisible();
  });

  test("a refused notification waits, is tried by hand, and goes through once it is accepted", async ({ page, shop }) => {
    shop.refuseNews();
    const { outTradeNo } = await shop.wechatOrder(100);
    await shop.control("POST", "pay", { outTradeNo, wait: true });
    await page.goto("/?tab=deliveries");

    await expect(page.getByText("等待重投")).toBeVisible();
    await page.getByRole("button", { name: "展开 TRANSACTION.SUCCESS" }).click();
    await expect(page.getByText("对方答 500")).toHaveCount(1);
    await page.getByRole("button", { name: "现在投递" }).click();
    await expect(page.getByText("对方答 500")).toHaveCount(2);
    await page.getByRole("button", { name: "立即投递" }).click();
    await expect(page.getByText("投递 1 次，收下 0 次")).toBeVisible();
    expect(shop.news).toHaveLength(3);
  });

  test("a WeChat Pay refund in process gets the outcome that is chosen for it", async ({ page, shop }) => {
    const { outTradeNo } = await shop.wechatOrder(1_000);
    await shop.control("POST", "pay", { outTradeNo });
    const refund = { out_trade_no: outTradeNo, out_refund_no: "ref_1", amount: { refund: 400, total: 1_000, currency: "CNY" } };
    await shop.wechat("POST", "/v3/refund/domestic/refunds", refund);
    await page.goto("/?tab=refunds");

    await page.getByRole("group", { name: "决定退款 ref_1" }).getByRole("button", { name: "异常" }).click();

    await expect(page.getByRole("cell", { name: "退款异常" })).toBeVisible();
    const { body } = await shop.wechat("GET", "/v3/refund/domestic/refunds/ref_1");
    expect(body.status).toBe("ABNORMAL");
  });

  test("the keys of a merchant are switched, and WeChat Pay answers accordingly", async ({ page, shop }) => {
    await page.goto("/?tab=accounts");
    await expect(page.getByText(shop.mchid, { exact: true })).toBeVisible();

    await page.getByRole("radio", { name: /微信支付公钥/ }).check();
    await expect.poll(async () => (await shop.wechat("GET", "/v3/certificates")).status).toBe(404);
    await page.getByRole("radio", { name: /证书轮换/ }).check();

    await expect(page.getByText("微信支付密钥", { exact: true })).toHaveCount(3);
    expect((await shop.wechat("GET", "/v3/certificates")).body.data).toHaveLength(2);
  });

  test("a reset asks first, then forgets orders and keeps accounts", async ({ page, shop }) => {
    await shop.alipayOrder("88.00");
    await page.goto("/");
    await page.getByRole("button", { name: "重置…" }).click();
    await expect(page.getByRole("dialog")).toContainText("清除交易 1 笔");
    await expect(page.getByRole("button", { name: "取消" })).toBeFocused();
    await page.getByRole("dialog").getByRole("button", { name: "重置" }).click();

    await expect(phoneOf(page).getByText("没有待付款的订单")).toBeVisible();
    await turnTo(page, "账号 2");
    await expect(page.getByRole("heading", { name: SHOP })).toHaveCount(2);
  });
});

test.describe("statements", () => {
  test("show a day's rows, and a difference is planted and taken back with a click", async ({ page, shop }) => {
    const { outTradeNo } = await shop.alipayOrder("88.00");
    await shop.control("POST", "pay", { outTradeNo });
    await shop.control("POST", "clock", { advance: "1d" });
    await page.goto("/");
    await turnTo(page, "对账单");
    const desk = page.getByRole("tabpanel", { name: "对账单" });
    await expect(desk).toContainText("交易 1 笔 ¥88.00");

    await desk
      .getByRole("group", { name: `给 ${outTradeNo} 制造差异` })
      .getByRole("button", { name: "漏掉" })
      .click();
    await expect(desk).toContainText("交易 0 笔");
    await desk.getByRole("button", { name: "多出一笔" }).click();
    await expect(desk).toContainText("交易 1 笔 ¥66.60");

    await desk.getByRole("button", { name: `撤回 漏掉 ${outTradeNo}` }).click();
    await expect(desk).toContainText("交易 2 笔 ¥154.60");
    await desk.getByRole("button", { name: /^撤回 多出/ }).click();
    await expect(desk).toContainText("交易 1 笔 ¥88.00");
  });
});

test.describe("the site", () => {
  test("says in three lines that the simulator does not answer, and finds it again", async ({ page, shop }) => {
    await shop.alipayOrder("88.00");
    await page.route("**/control/**", (route) => route.abort());
    await page.goto("/");
    await expect(page.getByRole("alert")).toContainText("模拟器没有应答");

    await page.unroute("**/control/**");
    await page.getByRole("button", { name: "重试" }).click();

    await expect(phoneOf(page).getByRole("button", { name: /产线改造/ })).toBeVisible();
  });

  test("speaks English, and remembers it", async ({ page, shop }) => {
    const { code } = await shop.alipayOrder("88.00");
    await page.goto(`/?code=${encodeURIComponent(code)}`);
    await page.getByRole("button", { name: "English" }).click();
    await page.reload();

    await expect(page).toHaveTitle("Simulator");
    await expect(page.locator("html")).toHaveAttribute("lang", "en");
    await expect(page.getByRole("button", { name: "Pay ¥88.00" })).toBeVisible();
    // The lettered square of a provider is a sign, not a word.
    const words = await page.getByRole("region", { name: "Parts of the simulator" }).textContent();
    expect(words?.replace(/[支微]/g, "")).not.toMatch(/\p{Script=Han}/u);
  });

  test("works by keyboard alone", async ({ page, shop }) => {
    const { code } = await shop.alipayOrder("88.00");
    await page.goto("/");
    await page.getByRole("tab", { name: "记录" }).focus();
    await page.keyboard.press("ArrowRight");
    await expect(page.getByRole("tab", { name: "故障" })).toBeFocused();
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("/");
    await expect(page.getByLabel("搜索记录")).toBeFocused();

    await phoneOf(page).getByLabel("二维码内容或链接").focus();
    await page.keyboard.insertText(code);
    await page.keyboard.press("Enter");
    await phoneOf(page).getByRole("button", { name: "付款 ¥88.00" }).focus();
    await page.keyboard.press("Enter");

    await expect(phoneOf(page).getByRole("status")).toContainText("付款成功");
  });

  for (const colorScheme of ["light", "dark"] as const) {
    test(`has no barrier that a machine can find, in ${colorScheme}`, async ({ page, shop }) => {
      // The machine reads every element of the page; on a busy computer that takes its time.
      test.slow();
      await shop.control("PATCH", "faults", { "alipay.trade.refund": { kind: "hang", times: 2 }, "notify.wechat": { kind: "drop" } });
      const { code } = await shop.alipayOrder("88.00");
      await shop.wechatOrder(100);
      await page.emulateMedia({ colorScheme });
      await page.goto("/");
      const barriers = async (where: string) => {
        const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]).analyze();
        return violations.map(({ id, nodes }) => `${where}: ${id} ${nodes[0]?.html}`);
      };
      const found: string[] = [];
      await turnTo(page, "故障");
      found.push(...(await barriers("故障")));
      await turnTo(page, "账号");
      await scan(page, code);
      const pay = phoneOf(page).getByRole("button", { name: "付款 ¥88.00" });
      await expect(pay).toBeVisible();
      found.push(...(await barriers("账号, 收银台")));
      await pay.click();
      await turnTo(page, "记录");
      await page.getByRole("button", { name: "展开 TRADE_SUCCESS" }).click();
      found.push(...(await barriers("记录, 付款后")));

      expect(found).toEqual([]);
    });
  }

  test("fits a phone: the phone comes first and nothing runs off the side", async ({ page, shop }) => {
    await shop.alipayOrder("9999999.99");
    await page.setViewportSize({ width: 360, height: 800 });
    await page.goto("/");
    await expect(phoneOf(page).getByText("9,999,999")).toBeVisible();

    const phone = await phoneOf(page).boundingBox();
    const desk = await page.getByRole("region", { name: "模拟器各部分" }).boundingBox();
    expect((phone?.y ?? 0) + (phone?.height ?? 0)).toBeLessThanOrEqual(desk?.y ?? 0);
    for (const tab of ["故障", "通知", "退款", "对账单", "账号", "记录"]) {
      await turnTo(page, tab);
      expect(await page.evaluate(() => document.documentElement.scrollWidth), tab).toBe(360);
    }
  });
});
