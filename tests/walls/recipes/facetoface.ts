import type { Ids } from "../world";
import type { Recipes } from "./recipe";

const byId = { refers: ({ facetoface }) => [{ orderId: facetoface }] } satisfies Recipes[string];
const found = ({ facetoface, batch }: Ids) => [facetoface, batch].map((q) => ({ q }));

/** A new application, which may name a channel, pictures and an application that it follows. */
const application = {
  merchantName: "晓静便利店",
  shopName: "晓静便利店（虹桥店）",
  shopAddress: { provinceCode: "310000", cityCode: "310100", districtCode: "310112", detail: "申虹路 1 号" },
  mccCode: "A0001_B0003",
  licenseLongTerm: true,
};
const applicant = { account: "shop-owner@example.test", contactName: "欧阳晓静", contactMobile: "13800005678" };

/** Applications for face-to-face payment. */
export const facetofaceRecipes: Recipes = {
  "facetoface.list": { filters: (theirs) => [{ limit: 100 }, ...found(theirs)] },
  "facetoface.counts": { filters: found },
  "facetoface.get": byId,
  "facetoface.create": {
    refers: (theirs, mine) => [
      { ...application, ...applicant, channelId: theirs.channel },
      { ...application, ...applicant, channelId: mine.channel, pictures: { shop_scene: theirs.picture } },
      { ...application, channelId: mine.channel, reapplyOf: theirs.facetoface },
    ],
  },
  "facetoface.revise": {
    refers: (theirs, mine) => [
      { ...application, orderId: theirs.facetoface },
      { ...application, orderId: mine.facetoface, pictures: { shop_scene: theirs.picture } },
    ],
  },
  "facetoface.resume": byId,
  "facetoface.withdraw": { refers: ({ facetoface }) => [{ orderId: facetoface, reason: "填错了" }] },
  "facetoface.query": byId,
  "facetoface.remind": byId,
  "facetoface.unmask": byId,
  "facetoface.answer": {
    refers: (theirs, mine) => [
      { orderId: theirs.facetoface, callId: theirs.call },
      { orderId: theirs.facetoface, callId: mine.call },
      { orderId: mine.facetoface, callId: theirs.call },
    ],
  },
};
