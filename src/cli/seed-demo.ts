import type { CreateChannelInput } from "~/domain/channel";
import { AppError } from "~/lib/errors";
import type { Id } from "~/lib/id";
import { type Ctx, inTenant, type SystemCtx } from "~/server/context";
import { DEMO_ACCOUNTS } from "~/server/demo-accounts";
import { createChannel, listChannels, moveChannel } from "~/server/services/channel";
import { addMember, createUser, findUserByEmail } from "~/server/services/member";
import { createTenantWithOwner, findTenantBySlug } from "~/server/services/tenant";
import { type Command, cliActor } from "./command";
import { writeApplications } from "./demo/applications";
import { writeHistory } from "./demo/history";
import { registerAlipay, registerAtSimulator } from "./demo/register-at-simulator";
import { tellSimulator } from "./demo/tell-simulator";

const DEMO_TENANT = { name: "禾川智能装备", slug: "hechuan-demo" };
const DEMO_NEIGHBOUR = { name: "云岭茶业", slug: "yunling-demo" };

const command: Command = {
  name: "seed demo",
  summary:
    "create the demonstration: a tenant with people, channels at the simulator and a week of payments and applications; again changes nothing",
  options: [],
  async run(sys) {
    if (!sys.config.demo && sys.config.production) throw new AppError("not_allowed_now", "DEMO is 0: no demonstration is created here");
    const tenantId = await seedTenant(sys, DEMO_TENANT);
    await seedPeople(sys, tenantId);
    const channels = await seedChannels(sys, tenantId);
    const ctx = inTenant(sys, tenantId, cliActor);
    const payments = channels ? await writeHistory(ctx) : 0;
    if (channels) await tellSimulator(ctx);
    const applications = channels ? await writeApplications(ctx, channels.isv) : 0;
    const neighbourId = await seedTenant(sys, DEMO_NEIGHBOUR);
    await seedNeighbour(sys, neighbourId);
    const signIns = DEMO_ACCOUNTS.map(({ role, name, email, password }) => ({ role, name, email, password }));
    return { json: { tenantId, neighbourId, payments, applications, signIns } };
  },
};
export default command;

/** The owner of both tenants is one person, so that switching can be seen. */
async function seedTenant(sys: SystemCtx, names: { name: string; slug: string }): Promise<Id<"tenant">> {
  const known = await findTenantBySlug(sys, names.slug);
  if (known) return known.id;
  const owner = personOf("owner");
  return (await createTenantWithOwner(sys, cliActor, { ...names, owner })).tenantId;
}

const personOf = (role: (typeof DEMO_ACCOUNTS)[number]["role"]) => {
  const found = DEMO_ACCOUNTS.find((person) => person.role === role);
  if (!found) throw new Error(`the demonstration has no ${role}`);
  return found;
};

async function seedPeople(sys: SystemCtx, tenantId: Id<"tenant">): Promise<void> {
  const ctx = inTenant(sys, tenantId, cliActor);
  for (const person of DEMO_ACCOUNTS) {
    if (await findUserByEmail(sys, person.email)) continue;
    if (person.role === "operator") await createUser(sys, { ...person, isOperator: true });
    else await addMember(ctx, { ...person, role: person.role });
  }
}

/** Answers the service provider's channel when the channels are new, else null: then there is a history already. */
async function seedChannels(sys: SystemCtx, tenantId: Id<"tenant">): Promise<{ isv: Id<"channel"> } | null> {
  const ctx = inTenant(sys, tenantId, cliActor);
  if (await hasChannels(ctx)) return null;
  const { alipay, alipayCertificates, wechat } = await registerAtSimulator(sys.config.simulatorUrl, DEMO_TENANT.name);
  const serviceProvider = await registerAlipay(sys.config.simulatorUrl, { name: "支付宝 服务商应用", keyMode: "public_key" });
  for (const input of [alipay, wechat, alipayCertificates]) await seedChannel(ctx, input);
  return { isv: await seedChannel(ctx, { ...serviceProvider, isIsv: true }) };
}

async function seedChannel(ctx: Ctx, input: CreateChannelInput): Promise<Id<"channel">> {
  const { channelId } = await createChannel(ctx, input);
  await moveChannel(ctx, channelId, "enable");
  return channelId;
}

const hasChannels = async (ctx: Ctx): Promise<boolean> => (await listChannels(ctx, { limit: 1 })).items.length > 0;

/** A second tenant with one channel and nothing else: what a first day looks like. */
async function seedNeighbour(sys: SystemCtx, tenantId: Id<"tenant">): Promise<void> {
  const ctx = inTenant(sys, tenantId, cliActor);
  if (await hasChannels(ctx)) return;
  await seedChannel(
    ctx,
    await registerAlipay(sys.config.simulatorUrl, { name: "支付宝", payee: DEMO_NEIGHBOUR.name, keyMode: "public_key" }),
  );
}
