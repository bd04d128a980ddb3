import type { NotificationState } from "~/domain/notification";

/** A step of the verification as it was stored with the message. */
export type StoredStep = { name: string; ok: boolean; cause: string | null; evidence: string | null; ms: number };

/** The stored steps; what an older version wrote otherwise is left out. */
export const stepsOf = ({ steps }: { steps: readonly unknown[] }): StoredStep[] =>
  steps.filter((step): step is StoredStep => {
    const { name, ok, ms } = (step ?? {}) as Partial<StoredStep>;
    return typeof name === "string" && typeof ok === "boolean" && typeof ms === "number";
  });

export const SHOWN_STEPS = ["stored", "channel", "key", "signed_text", "signature", "dedupe", "compare", "book"] as const;
export type ShownStep = (typeof SHOWN_STEPS)[number];

/** Which shown step tells of a stored one. The format is looked at before a key can be; the content, once the signature holds. */
const SHOWN_IN: Readonly<Record<string, ShownStep>> = {
  channel: "channel",
  format: "channel",
  key: "key",
  signed_text: "signed_text",
  signature: "signature",
  decrypt: "signature",
  fields: "compare",
};

export type StepState = "ok" | "failed" | "skipped" | "running";
export type Shown = { step: ShownStep; state: StepState; ms: number | null; failed: StoredStep | null };

type Message = { state: NotificationState; kind: string; steps: readonly unknown[] };

/** 处理步骤 1–8. A refused message stops at its step: those after it were not reached. */
export function shownSteps(message: Message, comparison: { compared: number; differing: number }): Shown[] {
  const stored = stepsOf(message);
  const failed = stored.find(({ ok }) => !ok) ?? null;
  const failedAt = failed ? SHOWN_STEPS.indexOf(SHOWN_IN[failed.name] ?? "signature") : Number.POSITIVE_INFINITY;
  return SHOWN_STEPS.map((step, index) => {
    const own = stored.filter(({ name }) => SHOWN_IN[name] === step);
    const ms = own.length > 0 ? own.reduce((sum, one) => sum + one.ms, 0) : null;
    if (index === failedAt) return { step, state: "failed", ms, failed };
    // A message that cannot be read was not looked for among the others either.
    const reached = index < failedAt && !(failed && step === "dedupe");
    return { step, state: reached ? stateOf(step, message, comparison) : "skipped", ms: reached ? ms : null, failed: null };
  });
}

function stateOf(step: ShownStep, { state, kind }: Message, { compared, differing }: { compared: number; differing: number }): StepState {
  if (step === "compare") {
    if (state === "misfit") return "failed";
    return kind === "other" || compared === 0 ? "skipped" : differing > 0 && state !== "ignored" ? "failed" : "ok";
  }
  if (step === "book")
    return ({ applied: "ok", waiting: "running", misfit: "skipped", ignored: "skipped", refused: "skipped" } as const)[state];
  return "ok";
}
