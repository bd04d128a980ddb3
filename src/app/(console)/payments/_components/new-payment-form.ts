import { z } from "zod";
import { CreatePayment, type CreatePaymentInput } from "~/domain/payment-input";
import { randomBase32 } from "~/lib/id";
import { after, beijingText, minutes } from "~/lib/time";

/** What the page prefetches and the form reads: every channel that it may offer. */
export const CHANNELS_INPUT = { limit: 100 } as const;

/** Presets in minutes; half an hour is what a buyer at a checkout needs. */
export const EXPIRY_CHOICES = ["15", "30", "120", "1440", "4320"] as const;

/** The form: the fields of the procedure, with a span instead of an instant. Empty means that the buyer chooses. */
export const NewPaymentForm = z.object({
  orderNo: CreatePayment.shape.orderNo,
  subject: CreatePayment.shape.subject,
  amountFen: CreatePayment.shape.amountFen,
  expiry: z.enum(EXPIRY_CHOICES),
  channelId: z.union([z.literal(""), z.string()]),
});
export type NewPaymentValues = z.output<typeof NewPaymentForm>;

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
      const request = CreatePayment.parse({
        ...fields,
        idempotencyKey: randomBase32(),
        expiresAt: after(now, minutes(Number(expiry))),
        channelId: channelId || null,
      });
      last = { values, request };
    }
    return last.request;
  };
}
