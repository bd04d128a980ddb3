"use client";

import { TRPCClientError } from "@trpc/client";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { type FieldErrors, useForm } from "react-hook-form";
import type { Checked, Reasons } from "./check";
import { emptyValues, type FieldName, type FormValues, fieldOf } from "./values";

/** The schemas come after the page: until somebody has typed, nothing needs them. */
const loadCheck = () => import("./check");
export type Check<Input> = (module: Awaited<ReturnType<typeof loadCheck>>, values: FormValues) => Checked<Input>;

type Options<Input> = {
  start: FormValues;
  check: Check<Input>;
  /** Resolves once the way to the next page has begun: the form stays busy from then on. */
  send: (input: Input) => Promise<void>;
};

export function useApplicationForm<Input>({ start, check, send }: Options<Input>) {
  const [error, setError] = useState<unknown>(null);
  /** How often it could not be sent, for leading the person to what has to be mended. */
  const [refusals, setRefusals] = useState(0);
  const [phase, setPhase] = useState<"open" | "busy" | "sent">("open");
  const pressed = useRef(false);
  const form = useForm<FormValues>({
    defaultValues: start,
    mode: "onTouched",
    shouldFocusError: false,
    resolver: async (values) => {
      const { reasons } = check(await loadCheck(), values);
      return reasons ? { values: {}, errors: errorsOf(reasons) } : { values, errors: {} };
    },
  });
  useEffect(() => void loadCheck(), []);

  const refuse = () => setRefusals((count) => count + 1);
  const sendChecked = async (values: FormValues): Promise<boolean> => {
    const { input } = check(await loadCheck(), values);
    if (!input) return false;
    setError(null);
    await send(input);
    return true;
  };
  const place = (thrown: unknown) => {
    const reasons = reasonsOf(thrown);
    for (const [field, type] of Object.entries(reasons)) form.setError(field as FieldName, { type });
    setError(Object.keys(reasons).length > 0 ? null : thrown);
    refuse();
  };

  /** A double press is one: until there is an answer, and after a good one, nothing more is sent. */
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (pressed.current) return;
    pressed.current = true;
    setPhase("busy");
    let isSent = false;
    try {
      await form.handleSubmit(async (values) => {
        isSent = await sendChecked(values);
      }, refuse)(event);
    } catch (thrown) {
      place(thrown);
    }
    pressed.current = isSent;
    setPhase(isSent ? "sent" : "open");
  };

  return { form, submit, busy: phase !== "open", sent: phase === "sent", error, clearError: () => setError(null), refusals };
}

const errorsOf = (reasons: Reasons): FieldErrors<FormValues> =>
  Object.fromEntries(Object.entries(reasons).map(([field, type]) => [field, { type, message: type }]));

const FIELDS = Object.keys(emptyValues());

/** The fields that the server names in a refusal; none when it is about something else. */
export function reasonsOf(error: unknown): Reasons {
  if (!(error instanceof TRPCClientError)) return {};
  const { issues, details } = (error.data ?? {}) as { issues?: { field: string; rule: string }[]; details?: Record<string, unknown> };
  const named = [
    ...(issues ?? []).map(({ field, rule }) => [field, rule] as const),
    ...(typeof details?.field === "string" ? [[details.field, String(details.reason ?? "malformed")] as const] : []),
    ...(details?.what === "picture" ? [["pictures", "picture_gone"] as const] : []),
    ...(details?.what === "channel" || details?.cause === "channel_disabled" ? [["channelId", ""] as const] : []),
  ];
  const reasons: Reasons = {};
  for (const [path, reason] of named) {
    const field = fieldOf(path.split("."));
    if (FIELDS.includes(field)) reasons[field] ??= field === "channelId" ? "channel_unusable" : reason === "needed" ? "missing" : reason;
  }
  return reasons;
}
