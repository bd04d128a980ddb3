import { type FacetofaceStatus, facetofaceMachine } from "~/domain/facetoface";
import { type Id, newId, randomBase32 } from "~/lib/id";
import type { Ctx } from "~/server/context";
import { facetofaceBatch, facetofaceOrder } from "~/server/db/schema";
import { agentProvider } from "~/server/providers/registry";
import { loadProviderChannel } from "~/server/services/channel";
import { type FacetofaceOrder, maskPerson, type SealedPerson, sealPerson } from "~/server/services/facetoface";

/** Whoever applies in tests. */
export const applicant: SealedPerson = {
  account: "shop-owner@example.test",
  contactName: "欧阳晓静",
  contactMobile: "13800005678",
  contactEmail: "xiaojing@example.test",
  businessLicenseNo: "91310000MA1FL8XQ30",
  businessLicenseMobile: null,
  orderTicket: null,
};

export type GivenOrder = Partial<Omit<FacetofaceOrder, "tenantId" | "personSealed" | "masked">> & { channelId: Id<"channel"> };

/** An application as it stands after whatever led there: for tests of what happens then. One that is submitted has its batch and is due now. */
export async function givenOrder(ctx: Ctx, given: GivenOrder): Promise<FacetofaceOrder> {
  const id = given.id ?? newId("facetoface");
  const status: FacetofaceStatus = given.status ?? "submitted";
  const submitted = status !== "init" && given.closeReason !== "withdrawn";
  const ended = facetofaceMachine.isFinal(status);
  const now = ctx.now();
  const vault = await ctx.vault();
  const batchNo = given.batchNo === undefined ? (submitted ? newBatchNo() : null) : given.batchNo;
  return ctx.transaction(async (tx) => {
    const [made] = await tx
      .insert(facetofaceOrder)
      .values({
        id,
        status,
        step: submitted ? "confirmed" : "new",
        batchNo,
        merchantName: "晓静便利店",
        shopName: application.shopName,
        shopAddress: application.shopAddress,
        mccCode: application.mccCode,
        rate: application.rate,
        signAndAuth: true,
        licenseLongTerm: true,
        submittedAt: submitted ? now : null,
        nextQueryAt: submitted && !ended ? now : null,
        closeReason: status === "closed" ? "rejected" : null,
        endedAt: ended ? now : null,
        createdBy: ctx.actor.id,
        createdAt: now,
        updatedAt: now,
        ...given,
        tenantId: ctx.tenantId,
        personSealed: sealPerson(vault, id, applicant),
        masked: maskPerson(applicant),
      })
      .returning();
    if (!made) throw new Error("an inserted row comes back");
    if (batchNo !== null)
      await tx.insert(facetofaceBatch).values({
        tenantId: ctx.tenantId,
        batchNo,
        orderId: id,
        openedAt: made.createdAt,
        end: submitted ? "submitted" : null,
        endedAt: submitted ? made.createdAt : null,
      });
    return made;
  });
}

/** An application that really lies at Alipay (the simulator), confirmed; ours stands as after its submission, and is due now. */
export async function submittedOrder(ctx: Ctx, given: GivenOrder): Promise<FacetofaceOrder & { batchNo: string }> {
  const { batchNo, orderNo } = await submitAtAlipay(ctx, given.channelId);
  const order = await givenOrder(ctx, { orderNo, ...given, batchNo });
  return { ...order, batchNo };
}

/** A batch of a new merchant, brought to Alipay's review. */
export async function submitAtAlipay(ctx: Ctx, channelId: Id<"channel">): Promise<{ batchNo: string; orderNo: string | null }> {
  const via = await loadProviderChannel(ctx, channelId);
  if (via.provider !== "alipay") throw new Error("an application's channel is Alipay's");
  const agent = agentProvider();
  const options = { now: ctx.sys.now, deadlineMs: 30_000 };
  const contact = { name: applicant.contactName, mobile: applicant.contactMobile, email: null };
  const { batchNo } = await agent.createBatch(via, { account: applicant.account, contact, orderTicket: null }, options);
  await agent.signFacetoface(via, { batchNo, ...application, pictures: [] }, options);
  const { orderNo } = await agent.confirmBatch(via, batchNo, options);
  return { batchNo, orderNo };
}

const application = {
  mccCode: "A0001_B0003",
  rate: "0.38",
  signAndAuth: true,
  shopName: "晓静便利店（虹桥店）",
  shopAddress: {
    provinceCode: "310000",
    cityCode: "310100",
    districtCode: "310112",
    detail: "申虹路 1 号",
    longitude: null,
    latitude: null,
  },
  businessLicenseNo: null,
  businessLicenseMobile: null,
  licenseLongTerm: true,
  licenseValidUntil: null,
};

export const newBatchNo = (): string => `2026${randomBase32(24)}`;
