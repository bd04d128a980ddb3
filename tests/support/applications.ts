import { eq } from "drizzle-orm";
import { registerAlipay } from "~/cli/demo/register-at-simulator";
import { CreateFacetoface } from "~/domain/facetoface-input";
import type { Id } from "~/lib/id";
import type { Ctx } from "~/server/context";
import { event, facetofaceBatch, facetofaceCall, facetofaceOrder, outbox } from "~/server/db/schema";
import { createChannel, moveChannel } from "~/server/services/channel";
import { createFacetoface, openAnswer } from "~/server/services/facetoface";
import { storePicture } from "~/server/services/picture";
import type { FacetofaceBatchView, FacetofaceOutput } from "~/simulator/control/types";
import { makePicture } from "./pictures";
import { newTenant } from "./system";
import type { Till } from "./till";

/** What a form sends, but for the channel. */
export const application = {
  merchantName: "晓静便利店",
  account: "shop-owner@example.test",
  contactName: "欧阳晓静",
  contactMobile: "13800005678",
  shopName: "晓静便利店（虹桥店）",
  shopAddress: { provinceCode: "310000", cityCode: "310100", districtCode: "310112", detail: "申虹路 1 号" },
  mccCode: "A0001_B0003",
  rate: "0.38",
  signAndAuth: true,
  businessLicenseNo: "91310000MA1FL8XQ30",
  licenseLongTerm: true,
};

export type Desk = Awaited<ReturnType<typeof openDesk>>;
type Act = "hold" | "approve" | "reject" | "confirm" | "refuse" | "expire";

/** A tenant with a channel that may sign for others, and what happens to its applications at the simulator. */
export async function openDesk(till: Till) {
  const ctx = await newTenant(till.sys);
  const account = await registerAlipay(till.simulator.url, { name: "支付宝 服务商", keyMode: "public_key" });
  const { channelId } = await createChannel(ctx, { ...account, isIsv: true });
  await moveChannel(ctx, channelId, "enable");

  const control = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await fetch(`${till.simulator.url}/control/${path}`, {
      method,
      headers: { "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`control ${path}: HTTP ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  };

  return {
    ctx,
    channelId,
    /** Faults strike the whole simulator: each test sets its own, and begins without any. */
    faults: (faults: Parameters<Till["faults"]>[0]) => till.faults(faults),
    /** This desk's batches at the simulator, oldest first. */
    async batches(): Promise<FacetofaceBatchView[]> {
      const { batches } = await control<FacetofaceOutput>("GET", "facetoface");
      return batches.filter(({ appId }) => appId === account.appId).reverse();
    },
    act: (act: Act, batchNo: string, reason?: string) => control<FacetofaceBatchView>("POST", `facetoface/${act}`, { batchNo, reason }),
    async picture(): Promise<Id<"picture">> {
      const stored = await storePicture(ctx, makePicture("png"));
      if ("refusal" in stored) throw new Error(stored.refusal);
      return stored.id;
    },
    /** An application as the form sends it. */
    input: (changes: Record<string, unknown> = {}) => CreateFacetoface.parse({ ...application, channelId, ...changes }),
    async apply(changes: Record<string, unknown> = {}) {
      return createFacetoface(ctx, this.input(changes));
    },
    order: (id: Id<"facetoface">) => orderOf(ctx, id),
    /** Ends of the batches that we know of, oldest first. */
    ends: (id: Id<"facetoface">) =>
      ctx.read(async (tx) => {
        const rows = await tx.select().from(facetofaceBatch).where(eq(facetofaceBatch.orderId, id)).orderBy(facetofaceBatch.openedAt);
        return rows.map(({ end }) => end);
      }),
    calls: (id: Id<"facetoface">) =>
      ctx.read(async (tx) => {
        const rows = await tx.select().from(facetofaceCall).where(eq(facetofaceCall.orderId, id)).orderBy(facetofaceCall.at);
        return rows.map(({ method, outcome, code }) => ({ method: method.replace("alipay.open.agent.", ""), outcome, code }));
      }),
    /** The texts that are kept of Alipay's answers, opened. */
    async answers(id: Id<"facetoface">): Promise<string[]> {
      const vault = await ctx.vault();
      const rows = await ctx.read((tx) => tx.select().from(facetofaceCall).where(eq(facetofaceCall.orderId, id)));
      return rows.flatMap((row) => (row.answerSealed ? [openAnswer(vault, row.id, row.answerSealed)] : []));
    },
    events: (id: Id<"facetoface">) =>
      ctx.read(async (tx) => {
        const rows = await tx.select().from(event).where(eq(event.subject, id)).orderBy(event.no);
        return rows.map(({ type }) => type.replace("facetoface.", ""));
      }),
    async lastEvent(id: Id<"facetoface">) {
      const rows = await ctx.read((tx) => tx.select().from(event).where(eq(event.subject, id)).orderBy(event.no));
      return rows.at(-1);
    },
    /** Makes it one that Alipay refuses to sign, and we would not have taken. */
    spoil: (id: Id<"facetoface">) =>
      ctx.transaction((tx) => tx.update(facetofaceOrder).set({ rate: "0.99" }).where(eq(facetofaceOrder.id, id))),
    /** Has it take another batch for its own. */
    useBatch: (id: Id<"facetoface">, batchNo: string) =>
      ctx.transaction(async (tx) => {
        await tx
          .insert(facetofaceBatch)
          .values({ tenantId: ctx.tenantId, batchNo, orderId: id, openedAt: ctx.now() })
          .onConflictDoNothing();
        await tx.update(facetofaceOrder).set({ batchNo }).where(eq(facetofaceOrder.id, id));
      }),
    setChannel: (change: "enable" | "disable") => moveChannel(ctx, channelId, change),
    /** When each of the tenant's jobs is due, by name. */
    async jobs(): Promise<Record<string, Date>> {
      const rows = await till.sys.db.orm.select().from(outbox).where(eq(outbox.tenantId, ctx.tenantId));
      return Object.fromEntries(rows.map(({ job, dueAt }) => [job, dueAt]));
    },
  };
}

async function orderOf(ctx: Ctx, id: Id<"facetoface">) {
  const [found] = await ctx.read((tx) => tx.select().from(facetofaceOrder).where(eq(facetofaceOrder.id, id)));
  if (!found) throw new Error(`no application ${id}`);
  return found;
}
