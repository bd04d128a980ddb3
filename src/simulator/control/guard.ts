import { headerText, type WireRequest } from "../http/wire";
import { ControlRefusal } from "./refusal";

const isLoopbackAddress = (address: string): boolean => /^(::1|(::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3})$/.test(address);
const isLoopbackHost = (host: string): boolean => /^(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(:\d{1,5})?$/i.test(host);

/**
 * Control pays orders and hands out keys, so only this machine may use it. The Host header is checked because a page
 * elsewhere can point its own name at the loopback, and the content type because a form elsewhere can post to it.
 */
export function guardControl(request: WireRequest): void {
  const refuse = (message: string) => new ControlRefusal(403, "forbidden", message);
  if (!isLoopbackAddress(request.remoteAddress)) throw refuse("the control interface answers the loopback only");
  if (!isLoopbackHost(headerText(request, "host") ?? "")) throw refuse("the Host header must name the loopback");
  const origin = headerText(request, "origin");
  if (origin !== null && !(URL.canParse(origin) && isLoopbackHost(new URL(origin).host)))
    throw refuse("this origin may not use the control interface");
  if (request.method === "GET" || request.body.length === 0) return;
  if (!/^application\/json\b/i.test(headerText(request, "content-type") ?? "")) {
    throw new ControlRefusal(415, "not_json", "send JSON with content-type application/json");
  }
}
