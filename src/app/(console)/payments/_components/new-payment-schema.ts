import { z } from "zod";
import { CreatePayment } from "~/domain/payment-input";
import { EXPIRY_CHOICES } from "./new-payment-form";

/** The form: the fields of the procedure, with a span instead of an instant. Empty means that the buyer chooses. */
export const NewPaymentForm = z.object({
  orderNo: CreatePayment.shape.orderNo,
  subject: CreatePayment.shape.subject,
  amountFen: CreatePayment.shape.amountFen,
  expiry: z.enum(EXPIRY_CHOICES),
  channelId: z.union([z.literal(""), z.string()]),
});
export type NewPaymentValues = z.output<typeof NewPaymentForm>;
