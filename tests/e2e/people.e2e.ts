import { randomUUID } from "node:crypto";
import AxeBuilder from "@axe-core/playwright";
import type { Browser, Page } from "@playwright/test";
import postgres from "postgres";
import type { TestPlatform } from "../support/platform";
import { giveCredentials, signIn } from "./fixtures/sign-in";
import { expect, test } from "./fixtures/test";

// Two people at two machines take their time.
test.slow();

const PASSWORD = "grün-Vk3-pbt9qz-w7";

/** Somebody else, at another machine. */
async function elsewhere(browser: Browser, platform: TestPlatform): Promise<Page> {
  const context = await browser.newContext({ baseURL: platform.appUrl });
  return context.newPage();
}

const main = (page: Page) => page.getByRole("main");
const dialog = (page: Page) => page.getByRole("dialog");

/** An owner invites somebody; answers the link and the address. */
async function invite(page: Page, role: string): Promise<{ link: string; email: string }> {
  const email = `e2e-${randomUUID().slice(0, 8)}@example.com`;
  await page.goto("/members", { waitUntil: "networkidle" });
  await page.getByRole("button", { name: "邀请成员…" }).click();
  await dialog(page).getByRole("textbox", { name: "邮箱" }).fill(email);
  await dialog(page).getByRole("radio", { name: role }).check();
  await dialog(page).getByRole("button", { name: "生成链接" }).click();
  const link = await dialog(page).getByRole("textbox", { name: "邀请链接" }).inputValue();
  await dialog(page).getByRole("button", { name: "完成" }).click();
  return { link, email };
}

async function join(page: Page, link: string, name: string): Promise<void> {
  await page.goto(link, { waitUntil: "networkidle" });
  await page.getByRole("textbox", { name: "姓名" }).fill(name);
  await page.getByRole("textbox", { name: "设置密码" }).fill(PASSWORD);
  await page.getByRole("button", { name: "加入" }).click();
  await page.waitForURL(({ pathname }) => pathname === "/");
}

test.describe("signing in", () => {
  test("a visitor is led to sign-in and afterwards to where they wanted to go", async ({ page, platform }) => {
    await page.goto("/members?tab=sessions");
    await page.waitForURL(/\/sign-in/);

    await giveCredentials(page, "nobody@example.com", "falsch-Kf8-wmx2ha");
    await expect(page.getByRole("alert").filter({ hasText: "邮箱或密码不对。" })).toBeVisible();

    await signIn(page, platform, "viewer");
    await page.goto("/members", { waitUntil: "networkidle" });
    await expect(page.getByRole("heading", { name: "成员" })).toBeVisible();
  });

  test("a demo account is filled in with one click; a next address of another site is ignored", async ({ page }) => {
    await page.goto("/sign-in?next=//evil.example/steal", { waitUntil: "networkidle" });
    await page.getByRole("button", { name: /只读/ }).click();
    await page.getByRole("button", { name: "登录", exact: true }).click();

    await page.waitForURL(({ pathname }) => pathname === "/");
    await expect(page.getByRole("link", { name: "工作台" })).toBeVisible();
  });

  test("signing out ends the session: going back shows nothing", async ({ page, platform }) => {
    await signIn(page, platform, "viewer");
    await page.goto("/members", { waitUntil: "networkidle" });
    await page.getByRole("button", { name: /账户菜单/ }).click();
    await page.getByRole("menuitem", { name: "退出登录" }).click();
    await page.waitForURL(/\/sign-in/);

    await page.goto("/members");
    await page.waitForURL(/\/sign-in/);
  });
});

test.describe("members", () => {
  test("an owner invites; the invited one joins once; disabling shuts them out with their next click", async ({
    page,
    browser,
    platform,
  }) => {
    const name = `宋其昀 ${randomUUID().slice(0, 4)}`;
    await signIn(page, platform, "owner");
    const { link, email } = await invite(page, "财务");
    const other = await elsewhere(browser, platform);

    await other.goto(link, { waitUntil: "networkidle" });
    await expect(other.getByText(email)).toBeVisible();
    await other.getByRole("textbox", { name: "姓名" }).fill(name);
    await other.getByRole("textbox", { name: "设置密码" }).fill("password1234");
    await other.getByRole("button", { name: "加入" }).click();
    await expect(other.getByRole("alert").filter({ hasText: "太常见" })).toBeVisible();
    await join(other, link, name);
    await other.goto("/payments", { waitUntil: "networkidle" });
    await expect(other.getByRole("heading", { name: "支付单" })).toBeVisible();

    const third = await elsewhere(browser, platform);
    await third.goto(link);
    await expect(third.getByRole("heading", { name: "邀请已失效" })).toBeVisible();

    await page.goto(`/members?q=${encodeURIComponent(name)}`, { waitUntil: "networkidle" });
    await page.getByRole("button", { name: `更多操作 ${name}` }).click();
    await page.getByRole("menuitem", { name: "停用…" }).click();
    await dialog(page).getByRole("button", { name: "停用", exact: true }).click();
    await expect(main(page).getByText("已停用")).toBeVisible();

    await other.goto("/payments");
    await expect(other.getByText("您现在不在任何租户里。")).toBeVisible();
  });

  test("a changed role counts at once", async ({ page, browser, platform }) => {
    const name = `周若水 ${randomUUID().slice(0, 4)}`;
    await signIn(page, platform, "owner");
    const { link } = await invite(page, "只读");
    const other = await elsewhere(browser, platform);
    await join(other, link, name);
    await other.goto("/members", { waitUntil: "networkidle" });
    await expect(other.getByRole("button", { name: "邀请成员…" })).toHaveAttribute("aria-disabled", "true");

    await page.goto(`/members?q=${encodeURIComponent(name)}`, { waitUntil: "networkidle" });
    await page.getByRole("button", { name: `更多操作 ${name}` }).click();
    await page.getByRole("menuitem", { name: "改角色…" }).click();
    await dialog(page).getByRole("radio", { name: "所有者" }).check();
    await dialog(page).getByRole("button", { name: "改角色" }).click();
    await expect(dialog(page)).toHaveCount(0);

    await other.reload({ waitUntil: "networkidle" });
    await expect(other.getByRole("button", { name: "邀请成员…" })).not.toHaveAttribute("aria-disabled", "true");
  });

  test("SES-09 after a while the password is asked for once more, and then the command goes through", async ({ page, platform }) => {
    await signIn(page, platform, "owner");
    const sql = postgres(platform.database.owner, { max: 1, onnotice: () => {} });
    await sql`update app.session set authenticated_at = now() - interval '11 minutes'
              where user_id = (select id from app."user" where email = ${platform.signIns.find(({ role }) => role === "owner")?.email ?? ""})`;
    await sql.end();
    await page.goto("/members", { waitUntil: "networkidle" });
    await page.getByRole("button", { name: "邀请成员…" }).click();
    await dialog(page)
      .getByRole("textbox", { name: "邮箱" })
      .fill(`e2e-${randomUUID().slice(0, 8)}@example.com`);
    await dialog(page).getByRole("button", { name: "生成链接" }).click();

    const password = dialog(page).getByRole("textbox", { name: "密码" });
    await password.fill(platform.signIns.find(({ role }) => role === "owner")?.password ?? "");
    await dialog(page).getByRole("button", { name: "继续" }).click();

    await expect(dialog(page).getByRole("textbox", { name: "邀请链接" })).toBeVisible();
  });

  test("somebody ends their other sign-ins and stays in this one", async ({ page, browser, platform }) => {
    const name = `许南风 ${randomUUID().slice(0, 4)}`;
    await signIn(page, platform, "owner");
    const { link, email } = await invite(page, "只读");
    const here = await elsewhere(browser, platform);
    await join(here, link, name);
    const there = await elsewhere(browser, platform);
    await there.goto("/sign-in", { waitUntil: "networkidle" });
    await giveCredentials(there, email, PASSWORD);
    await there.waitForURL(({ pathname }) => pathname === "/");

    await here.goto("/members?tab=sessions", { waitUntil: "networkidle" });
    await expect(here.getByRole("button", { name: "退出", exact: true })).toHaveCount(1);
    await here.getByRole("button", { name: "退出其他设备…" }).click();
    await dialog(here).getByRole("button", { name: "退出其他设备" }).click();
    await expect(here.getByRole("button", { name: "退出", exact: true })).toHaveCount(0);

    await there.goto("/members");
    await there.waitForURL(/\/sign-in/);
    await here.reload();
    await expect(here.getByText("这台设备")).toBeVisible();
  });
});

test.describe("tenants", () => {
  test("an owner of two switches between them", async ({ page, platform }) => {
    await signIn(page, platform, "owner");
    await page.goto("/members", { waitUntil: "networkidle" });
    const here = await page
      .getByRole("button", { name: /因公付款/ })
      .first()
      .textContent();

    await page
      .getByRole("button", { name: /因公付款/ })
      .first()
      .click();
    await page.getByRole("menuitem").first().click();
    await page.waitForURL(({ pathname }) => pathname === "/");

    await page.goto("/members", { waitUntil: "networkidle" });
    expect(
      await page
        .getByRole("button", { name: /因公付款/ })
        .first()
        .textContent(),
    ).not.toBe(here);
  });

  test("TEN-11 an operator enters with a reason, may look and not touch, and leaves a trace that the owner reads", async ({
    page,
    browser,
    platform,
  }) => {
    const reason = `工单 ${randomUUID().slice(0, 6)}`;
    await signIn(page, platform, "operator");
    await page.waitForURL(/\/tenants/);
    await page.getByRole("button", { name: /更多操作 禾川/ }).click();
    await page.getByRole("menuitem", { name: "进入…" }).click();
    await dialog(page).getByRole("button", { name: "进入" }).click();
    await expect(dialog(page).getByRole("alert")).toBeVisible();
    await dialog(page).getByRole("textbox", { name: "原因" }).fill(reason);
    await dialog(page).getByRole("button", { name: "进入" }).click();
    await page.waitForURL(({ pathname }) => pathname === "/");

    await page.goto("/members", { waitUntil: "networkidle" });
    await expect(page.getByText(/您正以平台运营身份查看/)).toBeVisible();
    await expect(page.getByRole("button", { name: "邀请成员…" })).toHaveAttribute("aria-disabled", "true");
    await page.getByRole("button", { name: "现在离开" }).click();
    await page.waitForURL(/\/tenants/);
    await page.goto("/members");
    await page.waitForURL(/\/tenants/);

    const owner = await elsewhere(browser, platform);
    await signIn(owner, platform, "owner");
    const sql = postgres(platform.database.reader, { max: 1, onnotice: () => {} });
    const [row] = await sql`select details ->> 'reason' as reason from app.event where type = 'tenant.enter' order by no desc limit 1`;
    await sql.end();
    expect(row?.reason).toBe(reason);
  });

  test("an operator creates a tenant; its owner opens the link and is alone in it; suspended, it is shut", async ({
    page,
    browser,
    platform,
  }) => {
    const slug = `e2e-${randomUUID().slice(0, 8)}`;
    await signIn(page, platform, "operator");
    await page.waitForURL(/\/tenants/);
    await page.getByRole("button", { name: "新建租户…" }).click();
    await dialog(page).getByRole("textbox", { name: "名称" }).fill(`云山 ${slug}`);
    await dialog(page).getByRole("textbox", { name: "短名" }).fill(slug);
    await dialog(page).getByRole("textbox", { name: "所有者邮箱" }).fill(`${slug}@example.com`);
    await dialog(page).getByRole("button", { name: "新建租户" }).click();
    const link = await dialog(page).getByRole("textbox", { name: "邀请链接" }).inputValue();
    await dialog(page).getByRole("button", { name: "完成" }).click();

    const owner = await elsewhere(browser, platform);
    await join(owner, link, "许惟一");
    await owner.goto("/members", { waitUntil: "networkidle" });
    await expect(owner.getByRole("row")).toHaveCount(2);

    await page.getByRole("button", { name: `更多操作 云山 ${slug}` }).click();
    await page.getByRole("menuitem", { name: "停用…" }).click();
    await dialog(page).getByRole("textbox", { name: "原因" }).fill("试停");
    await dialog(page).getByRole("button", { name: "停用", exact: true }).click();
    await expect(dialog(page)).toHaveCount(0);
    await owner.goto("/members");
    await expect(owner.getByText("这个租户已停用，页面暂时不能看。")).toBeVisible();
  });
});

test.describe("for everybody", () => {
  for (const colorScheme of ["light", "dark"] as const) {
    test(`sign-in and members have no barriers in ${colorScheme}`, async ({ browser, platform }) => {
      const context = await browser.newContext({ baseURL: platform.appUrl, colorScheme });
      const page = await context.newPage();
      const barriers = async () => (await new AxeBuilder({ page }).analyze()).violations.map(({ id, nodes }) => [id, nodes[0]?.html]);

      await page.goto("/sign-in", { waitUntil: "networkidle" });
      expect(await barriers()).toEqual([]);
      await signIn(page, platform, "owner");
      for (const address of ["/members", "/members?tab=sessions"]) {
        await page.goto(address, { waitUntil: "networkidle" });
        expect(await barriers(), address).toEqual([]);
      }
      await page.getByRole("tab", { name: "成员", exact: true }).click();
      await page.getByRole("button", { name: "邀请成员…" }).click();
      await expect(dialog(page)).toBeVisible();
      expect(await barriers()).toEqual([]);
    });
  }

  test("a phone shows it all, in both languages", async ({ browser, platform }) => {
    const context = await browser.newContext({ baseURL: platform.appUrl, viewport: { width: 360, height: 740 } });
    const page = await context.newPage();
    const overhang = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    await page.goto("/sign-in", { waitUntil: "networkidle" });
    expect(await overhang()).toBeLessThanOrEqual(0);
    await signIn(page, platform, "owner");
    await page.goto("/members", { waitUntil: "networkidle" });
    expect(await overhang()).toBeLessThanOrEqual(0);

    await context.addCookies([{ name: "locale", value: "en", url: platform.appUrl }]);
    for (const address of ["/members", "/members?tab=sessions", "/members?tab=invitations"]) {
      await page.goto(address, { waitUntil: "networkidle" });
      await expect(page.getByRole("heading", { name: "Members" })).toBeVisible();
      expect(await overhang(), address).toBeLessThanOrEqual(0);
    }
  });
});
