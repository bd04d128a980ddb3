import { CreateTenant, PersonName } from "~/domain/member";
import { createTenantWithOwner } from "~/server/services/tenant";
import { type Command, cliActor, UsageError } from "./command";

const command: Command = {
  name: "tenant create",
  summary: "create a tenant with its first owner",
  options: [
    { name: "name", summary: "name that people see", required: true },
    { name: "slug", summary: "short name: a-z, 0-9 and -, unique", required: true },
    { name: "owner-email", summary: "the owner signs in with it", required: true },
    { name: "owner-password", summary: "at least 12 characters, or the owner's own when they have an account", required: true },
    { name: "owner-name", summary: "the owner's name; before the @ by default" },
  ],
  async run(sys, options) {
    const parsed = CreateTenant.safeParse({ name: options.name, slug: options.slug, ownerEmail: options["owner-email"] });
    if (!parsed.success) throw new UsageError(`--${optionOf(parsed.error.issues[0]?.path[0])} does not fit`);
    const { ownerEmail, ...names } = parsed.data;
    const ownerName = options["owner-name"] === undefined ? undefined : PersonName.parse(options["owner-name"]);
    const owner = { email: ownerEmail, password: options["owner-password"] ?? "", ...(ownerName ? { name: ownerName } : {}) };
    return { json: await createTenantWithOwner(sys, cliActor, { ...names, owner }) };
  },
};
export default command;

const optionOf = (field: unknown): string => (field === "ownerEmail" ? "owner-email" : String(field));
