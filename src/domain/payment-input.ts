import { z } from "zod";
import { type Id, isId } from "~/lib/id";
import { type Fen, fen, TRADE_MAX_FEN } from "~/lib/money";
import { CivilDateSchema } from "./civil-date";
import { paymentMachine } from "./payment";
import { EnvironmentSchema, MethodSchema, ProviderSchema } from "./provider-input";

/** Inputs of payments: what the form, the command line and the procedures accept (IN-01). */

/** NFC text without control characters or lone surrogates. */
const cleanText = (max: number) =>
  z
    .string()
    .transform((text) => text.normalize("NFC").trim())
    .pipe(
      z
        .string()
        .min(1)
        .max(max)
        .regex(/^[^\p{Cc}\p{Cs}\u2028\u2029]*$/u, { error: "control_characters" }),
    );

export const idOf = <K extends Parameters<typeof isId>[0]>(kind: K) =>
  z
    .string()
    .max(32)
    .refine((text): text is Id<K> => isId(kind, text), { error: "not_an_id" }) as unknown as z.ZodType<Id<K>, string>;

/** Fen as bigint, or as decimal text where JSON carries it. */
export const FenSchema: z.ZodType<Fen, bigint | string> = z
  .union([
    z.bigint(),
    z
      .string()
      .regex(/^\d{1,11}$/)
      .transform((text) => BigInt(text)),
  ])
  .refine((amount) => amount >= 1n && amount <= TRADE_MAX_FEN, { error: "amount_out_of_range" })
  .transform((amount) => fen(amount));

/** The tenant's own order number: what both providers and statements can carry. */
export const OrderNoSchema = z.string().regex(/^[0-9A-Za-z_\-|*@.]{1,64}$/);

/** A key that the client makes and repeats (IDEM-01). */
export const IdempotencyKeySchema = z.string().regex(/^[\x21-\x7e]{1,255}$/);

export const CreatePayment = z.strictObject({
  idempotencyKey: IdempotencyKeySchema.optional(),
  orderNo: OrderNoSchema,
  /** Shown to the buyer and sent to the provider: WeChat takes 127 characters. */
  subject: cleanText(120),
  body: cleanText(400).nullish(),
  amountFen: FenSchema,
  expiresAt: z.date().optional(),
  channelId: idOf("channel").nullish(),
});
export type CreatePaymentInput = z.output<typeof CreatePayment>;

export const StartAttempt = z.strictObject({
  paymentId: idOf("payment"),
  method: MethodSchema,
  channelId: idOf("channel").optional(),
  /** WeChat in-app payment only: the payer under the channel's appid. */
  openid: z
    .string()
    .regex(/^[0-9A-Za-z_-]{10,128}$/)
    .optional(),
});

export const ListPayments = z.strictObject({
  /** Order number, our numbers or the provider's, exactly; or the beginning of a title. */
  q: cleanText(64).optional(),
  status: z.enum([...paymentMachine.states, "unknown"]).optional(),
  provider: ProviderSchema.optional(),
  method: MethodSchema.optional(),
  environment: EnvironmentSchema.optional(),
  /** Beijing days of creation, both ends included. */
  from: CivilDateSchema.optional(),
  to: CivilDateSchema.optional(),
  minFen: FenSchema.optional(),
  maxFen: FenSchema.optional(),
  sort: z.enum(["created", "amount"]).default("created"),
  cursor: z.string().max(200).optional(),
  limit: z.number().int().min(1).max(100).default(50),
});
export type ListPaymentsInput = z.output<typeof ListPayments>;
