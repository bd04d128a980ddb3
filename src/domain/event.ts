import { z } from "zod";
import { CivilDateSchema } from "./civil-date";

/** 审计: what happened is named `noun.event`. These nouns are what the audit page filters by. */
export const EVENT_NOUNS = [
  "payment",
  "transaction",
  "notification",
  "exception",
  "reconciliation",
  "difference",
  "facetoface",
  "picture",
  "channel",
  "member",
  "session",
  "tenant",
  "key",
] as const;
export type EventNoun = (typeof EVENT_NOUNS)[number];

export const ACTOR_KINDS = ["user", "operator", "provider", "buyer", "worker", "cli"] as const;
export type ActorKind = (typeof ACTOR_KINDS)[number];

export const ListEvents = z.strictObject({
  noun: z.enum(EVENT_NOUNS).optional(),
  actorKind: z.enum(ACTOR_KINDS).optional(),
  /** Exactly: the id of what it happened to, of who did it, or of the request. */
  q: z
    .string()
    .trim()
    .regex(/^[0-9A-Za-z_.@-]{1,64}$/)
    .optional(),
  /** Beijing days, both ends included. */
  from: CivilDateSchema.optional(),
  to: CivilDateSchema.optional(),
  cursor: z.string().max(120).optional(),
  limit: z.number().int().min(1).max(100).default(50),
});
export type ListEventsInput = z.output<typeof ListEvents>;

export const GetEvent = z.strictObject({ id: z.string().regex(/^evt_[0-9a-z]{26}$/) });
