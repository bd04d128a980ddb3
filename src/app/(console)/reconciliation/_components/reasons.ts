import { type DayStatus, dayMachine } from "~/domain/reconciliation";
import { type Role, roleMay } from "~/domain/tenant";

/** Why something may not be done now; null when it may. */
export type Reason = "role" | "waiting" | "locked" | "notBalanced" | "ended" | null;

const deskReason = (role: Role | null): Reason => (role !== null && roleMay(role, "reconciliation.write") ? null : "role");

/** What may be done with a day, from its machine and the person's role: the same rules that the services enforce. */
export function dayReasons(status: DayStatus, role: Role | null) {
  const desk = deskReason(role);
  return {
    rerun: desk ?? (dayMachine.can(status, "rerun") ? null : status === "locked" ? "locked" : "waiting"),
    lock: desk ?? (dayMachine.can(status, "lock") ? null : "notBalanced"),
    unlock: desk,
  } satisfies Record<string, Reason>;
}

export const differenceReason = (status: string, role: Role | null): Reason => deskReason(role) ?? (status === "open" ? null : "ended");
