import { alipayLetter } from "../alipay/message";
import type { NotificationFault } from "../faults/kinds";
import type { AlipayNews, AttemptRecord, WechatNews } from "../state";
import { wechatLetter } from "../wechat/message";
import type { World } from "../world";
import { type Letter, post, type Received } from "./send";

export type Message = { account: string; outTradeNo: string | null; what: string; url: string; content: AlipayNews | WechatNews };

/** Signs, sends and judges one delivery, and writes it into the journal. */
export async function attempt(world: World, message: Message, twist: NotificationFault | null): Promise<AttemptRecord> {
  const at = world.now();
  const letter = await compose(world, message, twist);
  const received = await post(letter);
  const accepted = isAccepted(message.content.provider, received);
  const verdict = received.error ?? (accepted ? "ok" : `refused:${received.status}`);
  world.note({
    kind: "message",
    provider: message.content.provider,
    account: message.account,
    what: message.what,
    outTradeNo: message.outTradeNo,
    verdict,
    ok: accepted,
    httpStatus: received.status,
    ms: received.ms,
    fault: twist,
    request: `POST ${letter.url}\n${Object.entries(letter.headers)
      .map(([name, value]) => `${name}: ${value}`)
      .join("\n")}\n\n${letter.body.toString("utf8")}`,
    response: received.body,
    signedText: letter.signedText,
  });
  return { at, status: received.status, accepted, verdict, ms: received.ms, fault: twist };
}

async function compose(world: World, { account, url, content }: Message, twist: NotificationFault | null): Promise<Letter> {
  const common = { url, now: world.now(), twist, strangerKey: await world.strangerKey() };
  if (content.provider === "alipay") {
    const owner = world.state.alipay.accounts.get(account);
    if (!owner) throw new Error(`no Alipay app ${account}`);
    return alipayLetter({ ...common, news: content, account: owner });
  }
  const owner = world.state.wechat.accounts.get(account);
  if (!owner) throw new Error(`no WeChat Pay merchant ${account}`);
  return wechatLetter({ ...common, news: content, account: owner });
}

/** Alipay wants the word, WeChat Pay the status: a 200 that says FAIL counts as delivered. */
const isAccepted = (provider: "alipay" | "wechat", received: Received): boolean =>
  provider === "alipay"
    ? received.status === 200 && received.body.trim().toLowerCase() === "success"
    : received.status === 200 || received.status === 204;
