import type { Movement } from "~/domain/payment";
import { METHODS, type Method } from "~/domain/provider";
import type { Source } from "~/domain/settlement";
import { type Fen, fen } from "~/lib/money";
import type { HistoryEvent, PaymentDetail } from "./detail";

/** One step of 经过 in terms that the screen puts into words. `messageId` leads to the raw message, `caseId` to the desk. */
export type Step = {
  key: string;
  at: Date;
  movement: Movement;
  actor: Pick<HistoryEvent, "actorKind" | "actorName"> | null;
  method: Method | null;
  messageId: string | null;
  caseId: string | null;
} & (
  | { kind: "create"; expiresAt: Date | null }
  | { kind: "settle"; amountFen: Fen; source: Source | null }
  | { kind: "close"; reason: "expired" | "cancelled" }
  | { kind: "cancel_request"; reason: string }
  | { kind: "attempt"; first: boolean }
  | { kind: "launch"; launch: "qr" | "redirect" | "jsapi" }
  | { kind: "doubt"; code: string }
  | { kind: "succeed" | "succeed_late"; amountFen: Fen }
  | { kind: "close_attempt"; atProvider: "closed" | "absent" | null }
  | { kind: "fail"; code: string; never: boolean }
  | { kind: "case"; caseKind: PaymentDetail["cases"][number]["kind"]; amountFen: Fen; open: boolean }
  | { kind: "other"; type: string }
);

/** What happened to a payment, its attempts and its cases, newest first. A success and the settling that it caused are one step. */
export function stepsOf({ payment, attempts, cases, history }: Pick<PaymentDetail, "payment" | "attempts" | "cases" | "history">): Step[] {
  const methods = new Map<string, Method>(attempts.map(({ id, method }) => [id, method]));
  const firstAttempt = [...history].reverse().find(({ type }) => type === "transaction.create")?.id;
  const settledBy = new Set(history.filter(({ type }) => type === "payment.settle").map((event) => text(event, "transactionId")));
  const succeeded = new Map(history.filter(({ type }) => type === "transaction.succeed").map((event) => [event.subject, event]));

  const events = history
    .filter((event) => !(event.type === "transaction.succeed" && settledBy.has(event.subject)))
    .map((event): Step => {
      const success = event.type === "payment.settle" ? succeeded.get(text(event, "transactionId") as never) : undefined;
      const common = {
        key: event.id,
        at: event.at,
        movement: "none" as Movement,
        actor: { actorKind: event.actorKind, actorName: event.actorName },
        method: methods.get(event.subject) ?? methods.get(text(event, "transactionId")) ?? methodIn(event),
        messageId: text(event, "notificationId") || (success ? text(success, "notificationId") : "") || null,
        caseId: null,
      };
      switch (event.type) {
        case "payment.create":
          return { ...common, kind: "create", expiresAt: instant(event, "expiresAt") };
        case "payment.settle":
          return { ...common, kind: "settle", movement: "in", amountFen: payment.amountFen, source: sourceIn(success ?? event) };
        case "payment.close":
          return { ...common, kind: "close", reason: text(event, "reason") === "cancelled" ? "cancelled" : "expired" };
        case "payment.cancel_request":
          return { ...common, kind: "cancel_request", reason: text(event, "reason") };
        case "transaction.create":
          return { ...common, kind: "attempt", first: event.id === firstAttempt };
        case "transaction.launch":
          return { ...common, kind: "launch", launch: launchIn(event) };
        case "transaction.doubt":
          return { ...common, kind: "doubt", movement: "unknown", code: text(event, "code") };
        case "transaction.succeed":
          return { ...common, kind: "succeed", movement: "unknown", amountFen: amount(event) ?? payment.amountFen };
        case "transaction.succeed_late":
          return { ...common, kind: "succeed_late", movement: "unknown", amountFen: amount(event) ?? payment.amountFen };
        case "transaction.close":
          return { ...common, kind: "close_attempt", atProvider: atProviderIn(event) };
        case "transaction.fail":
          return { ...common, kind: "fail", code: text(event, "code"), never: text(event, "code") === "" };
        default:
          return { ...common, kind: "other", type: event.type };
      }
    });

  const opened = cases.map(
    (one): Step => ({
      key: one.id,
      at: one.openedAt,
      movement: "unknown",
      actor: null,
      method: null,
      messageId: null,
      caseId: one.id,
      kind: "case",
      caseKind: one.kind,
      amountFen: one.amountFen,
      open: one.status === "open",
    }),
  );
  // History comes newest first already; a case stands after what opened it in the same moment.
  return [...opened, ...events].sort((a, b) => b.at.getTime() - a.at.getTime());
}

/** Details are what was written at the time: read with care, never believed to be there. */
function text({ details }: HistoryEvent, name: string): string {
  const value = (details as Record<string, unknown> | null)?.[name];
  return typeof value === "string" ? value : "";
}

function amount(event: HistoryEvent): Fen | null {
  const digits = text(event, "amountFen");
  return /^\d{1,15}$/.test(digits) ? fen(BigInt(digits)) : null;
}

function instant(event: HistoryEvent, name: string): Date | null {
  const at = new Date(text(event, name));
  return Number.isNaN(at.getTime()) ? null : at;
}

const methodIn = (event: HistoryEvent): Method | null => METHODS.find((method) => method === text(event, "method")) ?? null;

const sourceIn = (event: HistoryEvent) => (["notification", "query"] as const).find((one) => one === text(event, "source")) ?? null;

const launchIn = (event: HistoryEvent) => (["qr", "jsapi"] as const).find((one) => one === text(event, "kind")) ?? "redirect";

const atProviderIn = (event: HistoryEvent) => (["closed", "absent"] as const).find((one) => one === text(event, "atProvider")) ?? null;
