import { TRPCClientError } from "@trpc/client";
import type { Movement } from "~/domain/payment";
import { APP_ERROR_CODES, type AppErrorCode } from "~/lib/errors";

/** Which words of the namespace `errors` tell it, and where the money is. */
export type ErrorStory = {
  words: AppErrorCode | "network" | "networkRead" | "internalRead";
  movement: Movement;
  requestId: string | null;
  /** Field names and the like that the server found safe to show. */
  details: Readonly<Record<string, string | number | boolean>>;
};

/** Codes after which nobody can say whether money moved. */
const UNCERTAIN: ReadonlySet<AppErrorCode> = new Set(["provider_unknown", "internal", "in_progress"]);

/**
 * Tells an error of a call in our own words. `reading` is true for queries, which never move money; a broken connection after a command
 * means that the command may have arrived.
 */
export function storyOf(error: unknown, { reading }: { reading: boolean }): ErrorStory {
  const data =
    error instanceof TRPCClientError ? (error.data as { appCode?: unknown; requestId?: unknown; details?: unknown } | null) : null;
  const requestId = typeof data?.requestId === "string" ? data.requestId : null;
  const details = (data?.details ?? {}) as ErrorStory["details"];
  const code = APP_ERROR_CODES.find((known) => known === data?.appCode);
  if (error instanceof TRPCClientError && !data) {
    return { words: reading ? "networkRead" : "network", movement: reading ? "none" : "unknown", requestId, details };
  }
  if (reading && (!code || code === "internal")) return { words: "internalRead", movement: "none", requestId, details };
  const words = code ?? "internal";
  return { words, movement: !reading && UNCERTAIN.has(words) ? "unknown" : "none", requestId, details };
}
