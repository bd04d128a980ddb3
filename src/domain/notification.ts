import { defineMachine } from "~/lib/state-machine";

/**
 * 收件箱: what became of an inbound message.
 * `refused`: not verified, nothing believed. `waiting`: verified and stored, a job will apply it. `misfit`: verified, but does not fit
 * our books; a case is open and the provider is asked to come again. `ignored`: verified news that changes nothing.
 */
export const notificationMachine = defineMachine({
  states: ["refused", "waiting", "applied", "misfit", "ignored"],
  initial: "waiting",
  transitions: {
    apply: { from: ["waiting", "misfit", "refused"], to: "applied" },
    ignore: { from: ["waiting", "misfit"], to: "ignored" },
    misfit: { from: ["waiting"], to: "misfit" },
    /** A refused message that verifies after a key was mended, or a misfit that is run again after its order was. */
    admit: { from: ["refused", "misfit"], to: "waiting" },
  },
});
export type NotificationState = (typeof notificationMachine.states)[number];

/** Refused messages kept per channel; older ones make room (bounded, so that noise cannot fill the disk). */
export const REFUSED_KEPT_PER_CHANNEL = 1_000;

/** Callback bodies above this are refused before they are read to the end (CB-01). */
export const CALLBACK_BODY_MAX_BYTES = 65_536;

export const NOTIFICATION_STATE_LABEL = {
  zh: { refused: "已拒绝", waiting: "处理中", applied: "已应用", misfit: "核对不符", ignored: "无变化" },
  en: { refused: "Refused", waiting: "Processing", applied: "Applied", misfit: "Mismatch", ignored: "No change" },
} satisfies Record<"zh" | "en", Record<NotificationState, string>>;
