import { errorPage } from "../../cashier/page";
import { strikeAfter, strikeBefore, type Twist } from "../../faults/strike";
import { answer, html, type Reply, type WireRequest } from "../../http/wire";
import { maybeCutOff } from "../../statement/faults";
import { BILL_ROUTES } from "../../statement/routes";
import type { World } from "../../world";

const ROUTE = BILL_ROUTES.alipay.download;

/** The address that a bill query gave out. It is neither signed nor asked for a signature: whoever holds the link has the file. */
export async function serveBillDownload(world: World, request: WireRequest): Promise<Reply> {
  const began = performance.now();
  const token = new URLSearchParams(request.query).get("token") ?? "";
  const file = world.bills.find(token);
  const account = file?.account ?? "";
  const fault = world.faults.takeForRequest([`alipay:${account}.${ROUTE}`, ROUTE, `alipay:${account}`, "alipay"], ROUTE);
  const struck = await strikeBefore(fault, "alipay");
  const { reply, verdict } = struck.reply
    ? { reply: struck.reply, verdict: `fault:${fault?.kind}` }
    : perform(world, request, struck.twist);
  if (!struck.reply) await strikeAfter(fault);
  const isSilent = fault?.kind === "do_then_timeout";
  world.note({
    kind: "request",
    provider: "alipay",
    account: account || null,
    what: ROUTE,
    verdict: isSilent ? "done, then silence" : verdict,
    ok: verdict === "ok" && !isSilent,
    httpStatus: reply.kind === "answer" && !isSilent ? reply.status : null,
    ms: Math.round(performance.now() - began),
    fault: fault?.kind ?? null,
    request: `${request.method} ${request.target}`,
    response: reply.kind === "answer" && verdict === "ok" ? `<${file?.name}, ${reply.body.length} bytes>` : "",
  });
  return isSilent ? { kind: "hang" } : reply;
}

function perform(world: World, request: WireRequest, twist: Twist | null): { reply: Reply; verdict: string } {
  const refuse = (status: number, verdict: string, title: string) => ({
    reply: html(status, errorPage({ title, code: String(status), detail: "请重新查询对账单下载地址。" })),
    verdict,
  });
  if (request.method !== "GET") return { reply: answer(405, { allow: "GET" }), verdict: "not a GET" };
  if (twist === "rate_limited") return refuse(429, "rate limited", "访问过于频繁");
  if (twist === "system_error") return refuse(503, "system busy", "系统繁忙");
  const file = world.bills.find(new URLSearchParams(request.query).get("token") ?? "");
  if (file?.provider !== "alipay") return refuse(404, "unknown link", "文件不存在");
  if (world.now() >= file.expiresAt) return refuse(403, "link expired", "下载地址已失效");
  const bytes = maybeCutOff(file.bytes, twist);
  return {
    reply: answer(
      200,
      {
        "content-type": "application/octet-stream",
        "content-disposition": `attachment; filename=${file.name}`,
        "content-length": String(bytes.length),
      },
      bytes,
    ),
    verdict: "ok",
  };
}
