import { CommanderError, Command as Program } from "commander";
import { AppError, ProviderError } from "~/lib/errors";
import { readConfig } from "~/server/config";
import { sqlState } from "~/server/db/client";
import { closeTransport } from "~/server/providers/transport";
import { createSystem } from "~/server/system";
import { type Command, type CommandResult, UsageError } from "./command";
import { commands } from "./commands";

export type Streams = { out(text: string): Promise<void>; err(text: string): Promise<void> };
type Chosen = { command: Command; given: Record<string, string | undefined> };

/** `npm run -s cli -- <command>`: the answer on standard output, messages on standard error. Answers the exit code: 0, 1 (failed) or 2 (usage). */
export async function run(argv: readonly string[], env: NodeJS.ProcessEnv, streams: Streams): Promise<number> {
  const messages: string[] = [];
  try {
    const chosen = choose(argv, messages);
    if (typeof chosen === "number") {
      await (chosen === 0 ? streams.out : streams.err)(messages.join(""));
      return chosen;
    }
    const sys = await createSystem(readConfig({ LOG_LEVEL: "warn", ...env }), "cli");
    try {
      return await print(await chosen.command.run(sys, chosen.given), streams);
    } finally {
      await closeTransport();
      await sys.close();
    }
  } catch (error) {
    await streams.err(`${explain(error)}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

/** The command that was typed; or the exit code, when only words are to be said. */
function choose(argv: readonly string[], messages: string[]): Chosen | 0 | 2 {
  let chosen: Chosen | null = null;
  const program = programOf((command, given) => {
    chosen = { command, given };
  }, messages);
  try {
    program.parse(argv, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
  return chosen ?? 2;
}

/** "tenant create" becomes the command `create` of the group `tenant`. */
function programOf(choose: (command: Command, given: Chosen["given"]) => void, messages: string[]): Program {
  const output = { writeOut: (text: string) => messages.push(text), writeErr: (text: string) => messages.push(text) };
  const program = new Program("cli").configureOutput(output).exitOverride().showHelpAfterError();
  const groups = new Map<string, Program>();
  for (const command of commands) {
    const words = command.name.split(" ");
    const last = words.pop() ?? "";
    const [group] = words;
    let parent = program;
    if (group) {
      parent = groups.get(group) ?? program.command(group).exitOverride();
      groups.set(group, parent);
    }
    const leaf = parent.command(last).description(command.summary).exitOverride();
    for (const { name, summary, required, flag } of command.options) {
      const words = flag ? `--${name}` : `--${name} <value>`;
      if (required) leaf.requiredOption(words, summary);
      else leaf.option(words, summary);
    }
    if (command.argument) leaf.argument(`<${command.argument.name}>`, command.argument.summary);
    leaf.action(() => choose(command, givenOf(command, leaf)));
  }
  return program;
}

/** Values by the names that the command declared, as text; a flag that was given is "true". */
function givenOf(command: Command, leaf: Program): Record<string, string | undefined> {
  const values = leaf.opts<Record<string, unknown>>();
  const given = command.options.map(({ name }) => {
    const value = values[name.replace(/-(\w)/g, (_dash, letter: string) => letter.toUpperCase())];
    return [name, value === undefined ? undefined : String(value)] as const;
  });
  if (command.argument) given.push([command.argument.name, leaf.args[0]]);
  return Object.fromEntries(given);
}

async function print(result: CommandResult, { out }: Streams): Promise<number> {
  const write = (text: string) => out(`${text}\n`);
  if ("text" in result) {
    await write(result.text);
    return 0;
  }
  if ("lines" in result) {
    for await (const line of result.lines) await write(jsonOf(line));
    return (result.ok?.() ?? true) ? 0 : 1;
  }
  await write(jsonOf(result.json, 2));
  return (result.ok ?? true) ? 0 : 1;
}

const jsonOf = (value: unknown, indent?: number): string =>
  JSON.stringify(value, (_name, member) => (typeof member === "bigint" ? member.toString() : member), indent) ?? "null";

const NO_SCHEMA = new Set(["42P01", "3F000", "42703", "42883"]);

function explain(error: unknown): string {
  if (error instanceof UsageError) return error.message;
  if (error instanceof AppError) return `${error.code}: ${error.message}`;
  if (error instanceof ProviderError) return `provider ${error.kind}: ${error.code}`;
  const state = sqlState(error);
  if (state && NO_SCHEMA.has(state)) return "the database's schema is not of this version: run npm run migrate";
  if (state) return `the database refused (${state})`;
  return error instanceof Error ? error.message : String(error);
}
