import type { Provider } from "~/domain/provider";

/**
 * Goes to the provider's page in this tab. The page's own policy sends no referrer, which WeChat Pay answers with a refusal: it
 * wants to know the site (https://pay.weixin.qq.com/wiki/doc/api/H5.php?chapter=15_4), so it alone is told the origin, never the address.
 */
export function leaveFor(url: string, provider: Provider): void {
  if (!/^https?:\/\//i.test(url)) throw new Error("a provider's page has a web address");
  const link = document.createElement("a");
  link.href = url;
  link.referrerPolicy = provider === "wechat" ? "origin" : "no-referrer";
  link.click();
}

/** The page of the simulator's phone for a code, as its camera would find it. */
export function simulatorCashier(simulatorUrl: string, code: string): string {
  const [token] = [/[?&]pr=([^&]+)/, /\/qr\/([^/?#]+)/].flatMap((pattern) => pattern.exec(code)?.[1] ?? []);
  return token ? `${simulatorUrl}/cashier/${encodeURIComponent(token)}` : simulatorUrl;
}
