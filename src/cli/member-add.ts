import { EmailSchema, RoleSchema } from "~/domain/member";
import { ROLES } from "~/domain/tenant";
import { AppError } from "~/lib/errors";
import { isId } from "~/lib/id";
import { inTenant } from "~/server/context";
import { addMember } from "~/server/services/member";
import { tenantExists } from "~/server/services/tenant";
import { type Command, cliActor, UsageError } from "./command";

const command: Command = {
  name: "member add",
  summary: "add a member who signs in with a password",
  options: [
    { name: "tenant", summary: "tenant id", required: true },
    { name: "email", summary: "the member signs in with it", required: true },
    { name: "password", summary: "at least 12 characters, or the member's own when they have an account", required: true },
    { name: "role", summary: ROLES.join(", "), required: true },
    { name: "name", summary: "the member's name; before the @ by default" },
  ],
  async run(sys, { tenant = "", email, password = "", role, name }) {
    if (!isId("tenant", tenant)) throw new UsageError("--tenant is not a tenant's id");
    const parsedEmail = EmailSchema.safeParse(email);
    if (!parsedEmail.success) throw new UsageError("--email is not an e-mail address");
    const parsedRole = RoleSchema.safeParse(role);
    if (!parsedRole.success) throw new UsageError(`--role is one of ${ROLES.join(", ")}`);
    if (!(await tenantExists(sys, tenant))) throw new AppError("not_found", "there is no such tenant");
    const ctx = inTenant(sys, tenant, cliActor);
    const member = { email: parsedEmail.data, password, role: parsedRole.data, ...(name ? { name } : {}) };
    return { json: { userId: await addMember(ctx, member) } };
  },
};
export default command;
