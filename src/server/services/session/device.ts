import { createHmac, timingSafeEqual } from "node:crypto";
import { randomBase32 } from "~/lib/id";
import { days } from "~/lib/time";
import type { Config } from "~/server/config";
import { machineNow } from "./identity";

/** How long a browser is remembered as one that signed in to an account before. */
export const DEVICE_MS = days(180);

/** A token that says "this browser signed in to this account". It opens nothing; it only keeps others from locking its owner out. */
export function issueDevice(config: Pick<Config, "authSecret">, email: string): string {
  const body = `${machineNow().getTime().toString(36)}.${randomBase32()}`;
  return `${body}.${macOf(config, email, body)}`;
}

/** The device's own name in the throttle, or null when the token is not one of ours for this account. */
export function knownDevice(config: Pick<Config, "authSecret">, email: string, token: string | null): string | null {
  const match = /^([0-9a-z]{6,10})\.([0-9a-z]{26})\.([\w-]{43})$/.exec(token ?? "");
  if (!match) return null;
  const [, issued = "", name = "", mac = ""] = match;
  const expected = macOf(config, email, `${issued}.${name}`);
  if (!timingSafeEqual(Buffer.from(mac), Buffer.from(expected))) return null;
  const age = machineNow().getTime() - Number.parseInt(issued, 36);
  return age >= 0 && age < DEVICE_MS ? name : null;
}

const macOf = (config: Pick<Config, "authSecret">, email: string, body: string): string =>
  createHmac("sha256", config.authSecret.reveal()).update(`known-device\n${email}\n${body}`).digest("base64url");
