import type { Ids } from "../world";
import type { Recipes } from "./recipe";

const byId = { refers: ({ facetoface }) => [{ orderId: facetoface }] } satisfies Recipes[string];
const found = ({ facetoface, batch }: Ids) => [facetoface, batch].map((q) => ({ q }));

/** Applications for face-to-face payment. */
export const facetofaceRecipes: Recipes = {
  "facetoface.list": { filters: (theirs) => [{ limit: 100 }, ...found(theirs)] },
  "facetoface.counts": { filters: found },
  "facetoface.get": byId,
  "facetoface.query": byId,
  "facetoface.remind": byId,
  "facetoface.unmask": byId,
  "facetoface.badge": { own: () => [{}] },
  "facetoface.answer": {
    refers: (theirs, mine) => [
      { orderId: theirs.facetoface, callId: theirs.call },
      { orderId: theirs.facetoface, callId: mine.call },
      { orderId: mine.facetoface, callId: theirs.call },
    ],
  },
};
