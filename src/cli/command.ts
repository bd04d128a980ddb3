import type { Actor } from "~/server/context";
import type { System } from "~/server/system";

/** One option of a command. A `flag` takes no value. */
export type CommandOption = { name: string; summary: string; required?: boolean; flag?: boolean };

/** What a command answers: JSON on standard output (bigint as decimal text), one document or one line for each, and whether all was well. `text` is for what other programs take as it is. */
export type CommandResult = { json: unknown; ok?: boolean } | { text: string } | { lines: AsyncIterable<unknown>; ok?: () => boolean };

export type Command = {
  /** As typed: "tenant create". */
  name: string;
  summary: string;
  options: readonly CommandOption[];
  /** One word that stands after the command by itself; it comes to `run` among the options, by its name. */
  argument?: { name: string; summary: string };
  run(sys: System, options: Readonly<Record<string, string | undefined>>): Promise<CommandResult>;
};

/** A wrong call: exit code 2. Any other failure is 1. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

export const cliActor: Actor = { kind: "cli", id: "cli" };
