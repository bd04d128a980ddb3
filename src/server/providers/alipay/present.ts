import type { AlipayChannel, PresentedNotification, RawNotification } from "../port";
import { parseForm, signedNames } from "./form";

/** The form taken apart, for people. What the strict reader refuses has no parts: its bytes speak for themselves. */
export function presentNotification(_channel: AlipayChannel, raw: RawNotification): PresentedNotification {
  const form = parseForm(raw.body);
  if ("cause" in form) return { charset: "utf-8", signedParams: null, signature: null, opened: null };
  const { fields, charset } = form;
  return {
    charset,
    signedParams: signedNames(fields).map((name) => ({ name, value: fields.get(name) ?? "" })),
    signature: fields.get("sign") ?? null,
    opened: null,
  };
}
