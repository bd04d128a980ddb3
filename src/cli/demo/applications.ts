import type { FacetofacePicture } from "~/domain/facetoface";
import { CreateFacetoface } from "~/domain/facetoface-input";
import type { Id } from "~/lib/id";
import { after, days, hours, minutes } from "~/lib/time";
import { type Ctx, inTenant } from "~/server/context";
import { createFacetoface, getFacetofaceDetail, queryOrder, submitOrder } from "~/server/services/facetoface";
import { storePicture } from "~/server/services/picture";
import { cliActor } from "../command";
import { drawSheet } from "./sheet";

/** Five merchants for whom the demonstration has applied, each as far as it came: submitted to the simulator and reviewed there. */

type Merchant = {
  merchantName: string;
  shopName: string;
  detail: string;
  districtCode: string;
  mccCode: string;
  contactName: string;
  agoMs: number;
  /** What the reviewer and the merchant did, in order, each after so long. */
  acts: readonly { act: "hold" | "approve" | "reject" | "confirm"; afterMs: number; reason?: string }[];
};

const MERCHANTS: readonly Merchant[] = [
  {
    merchantName: "杭州知味小馆餐饮有限公司",
    shopName: "知味小馆 文三路店",
    detail: "文三路 259 号 1 幢 102",
    districtCode: "330106",
    mccCode: "A0001_B0001",
    contactName: "周敏",
    agoMs: days(6),
    acts: [
      { act: "approve", afterMs: hours(20) },
      { act: "confirm", afterMs: hours(31) },
    ],
  },
  {
    merchantName: "宁波海曙区青竹文具店",
    shopName: "青竹文具",
    detail: "中山西路 88 号",
    districtCode: "330203",
    mccCode: "A0002_B0203",
    contactName: "徐立",
    agoMs: days(4),
    acts: [{ act: "reject", afterMs: hours(9), reason: "营业执照经营范围与所选类目不符，请核对后重新申请" }],
  },
  {
    merchantName: "绍兴云帆咖啡有限公司",
    shopName: "云帆咖啡 鲁迅故里店",
    detail: "鲁迅中路 241 号",
    districtCode: "330602",
    mccCode: "A0001_B0012",
    contactName: "沈一帆",
    agoMs: days(3),
    acts: [{ act: "approve", afterMs: hours(22) }],
  },
  {
    merchantName: "杭州拱墅区老林五金经营部",
    shopName: "老林五金",
    detail: "莫干山路 1418 号 12 幢",
    districtCode: "330105",
    mccCode: "A0002_B0035",
    contactName: "林国强",
    agoMs: hours(27),
    acts: [],
  },
  {
    merchantName: "杭州晨露鲜花有限公司",
    shopName: "晨露花坊",
    detail: "保俶路 38 号",
    districtCode: "330106",
    mccCode: "A0002_B0036",
    contactName: "何晨",
    agoMs: hours(5),
    acts: [{ act: "hold", afterMs: hours(3), reason: "门头照片不清晰，请重新上传能看清招牌文字的照片" }],
  },
];

const SLOTS: readonly FacetofacePicture[] = ["business_license", "shop_scene", "shop_sign_board"];

/** Writes them, oldest first. Answers how many there are. */
export async function writeApplications(ctx: Ctx, channelId: Id<"channel">): Promise<number> {
  for (const [index, merchant] of MERCHANTS.entries()) await apply(ctx, channelId, merchant, index);
  return MERCHANTS.length;
}

/** The tenant at another moment. Alipay's clock stays today's: a request from last week would be refused. */
function at(ctx: Ctx, moment: Date): Ctx {
  return { ...inTenant(ctx.sys, ctx.tenantId, cliActor), now: () => moment };
}

async function apply(ctx: Ctx, channelId: Id<"channel">, merchant: Merchant, index: number): Promise<void> {
  const begun = after(ctx.now(), -merchant.agoMs);
  const then = at(ctx, begun);
  const pictures = await Promise.all(SLOTS.map(async (slot) => [slot, await pictureOf(then, `${merchant.shopName} ${slot}`)] as const));
  const { id } = await createFacetoface(
    then,
    CreateFacetoface.parse({
      channelId,
      merchantName: merchant.merchantName,
      account: `finance@${["zhiwei", "qingzhu", "yunfan", "laolin", "chenlu"][index]}.example`,
      contactName: merchant.contactName,
      contactMobile: `1380571${String(2_100 + index * 37)}`,
      shopName: merchant.shopName,
      shopAddress: {
        provinceCode: "330000",
        cityCode: `${merchant.districtCode.slice(0, 4)}00`,
        districtCode: merchant.districtCode,
        detail: merchant.detail,
      },
      mccCode: merchant.mccCode,
      rate: "0.38",
      signAndAuth: true,
      businessLicenseNo: `91${merchant.districtCode}MA2KJ${index}XC${index}H`,
      licenseLongTerm: true,
      pictures: Object.fromEntries(pictures),
    }),
  );
  await submitOrder(at(ctx, after(begun, minutes(1))), id);
  const { batchNo } = await getFacetofaceDetail(ctx, id);
  if (!batchNo) throw new Error(`the simulator took no batch for ${merchant.shopName}`);
  await queryOrder(at(ctx, after(begun, minutes(6))), id);
  for (const { act, afterMs, reason } of merchant.acts) {
    await actAtSimulator(ctx.sys.config.simulatorUrl, act, { batchNo, ...(reason && { reason }) });
    await queryOrder(at(ctx, after(begun, afterMs)), id);
  }
}

async function pictureOf(ctx: Ctx, name: string): Promise<Id<"picture">> {
  const stored = await storePicture(ctx, drawSheet(name));
  if ("refusal" in stored) throw new Error(`the demonstration drew no picture: ${stored.refusal}`);
  return stored.id;
}

async function actAtSimulator(simulatorUrl: string, act: string, body: object): Promise<void> {
  const answer = await fetch(`${simulatorUrl}/control/facetoface/${act}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(20_000),
  });
  if (!answer.ok) throw new Error(`the simulator refused to ${act}: HTTP ${answer.status}`);
}
