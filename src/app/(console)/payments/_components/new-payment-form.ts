import type { CreatePaymentInput } from "~/domain/payment-input";
import { asId, randomBase32 } from "~/lib/id";
import { after, beijingText, minutes } from "~/lib/time";
import type { NewPaymentValues } from "./new-payment-schema";

/** What the page prefetches and the form reads: every channel that it may offer. */
export const CHANNELS_INPUT = { limit: 100 } as const;

/** Presets in minutes; half an hour is what a buyer at a checkout needs. */
export const EXPIRY_CHOICES = ["15", "30", "120", "1440", "4320"] as const;

/** "SO20261120104133K7": the moment in Beijing and two characters, so that two people do not get the same one. */
export const suggestOrderNo = (now: Date): string => `SO${beijingText(now).replace(/\D/g, "")}${randomBase32(2).toUpperCase()}`;

/**
 * Sending the same values again sends the same request under the same key, down to the instant of expiry: a press that got no
 * answer can be repeated without a second payment (IDEM-01). Other values are another request.
 */
export function requestMaker() {
  let last: { values: string; request: CreatePaymentInput } | null = null;
  return (form: NewPaymentValues, now: Date): CreatePaymentInput => {
    const values = JSON.stringify({ ...form, amountFen: String(form.amountFen) });
    if (last?.values !== values) {
      const { expiry, channelId, ...fields } = form;
      const expiresAt = after(now, minutes(Number(expiry)));
      const chosen = channelId ? asId("channel", channelId) : null;
      last = { values, request: { ...fields, idempotencyKey: randomBase32(), expiresAt, channelId: chosen } };
    }
    return last.request;
  };
}
