import { readFile } from "node:fs/promises";
import type { z } from "zod";
import { CreateChannel } from "~/domain/channel";
import { AppError } from "~/lib/errors";
import { isId } from "~/lib/id";
import { inTenant } from "~/server/context";
import { createChannel, moveChannel } from "~/server/services/channel";
import { type Command, cliActor, UsageError } from "./command";

const command: Command = {
  name: "channel create",
  summary: "add an account at a provider and enable it; prints where the provider sends its news",
  options: [
    { name: "tenant", summary: "tenant id", required: true },
    { name: "file", summary: "channel.json; it holds secrets, so remove it afterwards", required: true },
    { name: "disabled", summary: "leave it disabled, to be examined first", flag: true },
  ],
  async run(sys, { tenant = "", file = "", disabled }) {
    if (!isId("tenant", tenant)) throw new UsageError("--tenant is not a tenant's id");
    const ctx = inTenant(sys, tenant, cliActor);
    const created = await createChannel(ctx, await readChannelFile(file));
    if (disabled === undefined) await moveChannel(ctx, created.channelId, "enable");
    return { json: created };
  },
};
export default command;

/** Names the field and the rule; a file of secrets is never quoted. */
async function readChannelFile(file: string) {
  const text = await readFile(file, "utf8").catch(() => {
    throw new UsageError("--file cannot be read");
  });
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text around the mistake.
    throw new AppError("invalid_input", "the file is not JSON");
  }
  const result = CreateChannel.safeParse(parsed);
  if (result.success) return result.data;
  const issues = result.error.issues.map((issue) => `${fieldOf(issue)}: ${issue.code}`);
  throw new AppError("invalid_input", `the file does not fit: ${issues.join(", ")}`);
}

const fieldOf = (issue: z.core.$ZodIssue): string =>
  issue.code === "unrecognized_keys" ? issue.keys.join(" ") : issue.path.map(String).join(".") || "file";
