import { CommanderError, Command as Program } from "commander";
import { AppError, ProviderError } from "~/lib/errors";
import { readConfig } from "~/server/config";
import { sqlState } from "~/server/db/client";
import { closeTransport } from "~/server/providers/transport";
import { createSystem } from "~/server/system";
import { type Command, type CommandResult, UsageError } from "./command";
import { commands } from "./commands";

/** `npm run -s cli -- <command>`: the answer on standard output, messages on standard error; exit 0, 1 (failed) or 2 (usage). */
async function main(argv: readonly string[]): Promise<number> {
  let chosen: { command: Command; given: Record<string, string | undefined> } | null = null;
  const program = programOf((command, given) => {
    chosen = { command, given };
  });
  try {
    program.parse(argv, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
  if (!chosen) return 2;
  const { command, given } = chosen as { command: Command; given: Record<string, string | undefined> };
  const sys = await createSystem(readConfig({ LOG_LEVEL: "warn", ...process.env }), "cli");
  try {
    return await print(await command.run(sys, given));
  } finally {
    await closeTransport();
    await sys.close();
  }
}

/** "tenant create" becomes the command `create` of the group `tenant`. */
function programOf(choose: (command: Command, given: Record<string, string | undefined>) => void): Program {
  const program = new Program("cli").exitOverride().showHelpAfterError();
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

async function print(result: CommandResult): Promise<number> {
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

/** Waits until whoever reads has taken it: what is still in the pipe is lost when the process ends. */
const write = (text: string): Promise<void> =>
  new Promise((resolve, reject) => process.stdout.write(`${text}\n`, (error) => (error ? reject(error) : resolve())));

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

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(explain(error));
    process.exit(error instanceof UsageError ? 2 : 1);
  },
);
