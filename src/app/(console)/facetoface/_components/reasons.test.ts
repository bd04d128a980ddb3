import { describe, expect, it } from "vitest";
import { type FacetofaceStatus, facetofaceMachine } from "~/domain/facetoface";
import { after as plus, seconds } from "~/lib/time";
import { type Reasons, reasonsOf, type Standing } from "./reasons";

const now = new Date("2026-11-20T02:42:00Z");
const standing = (status: FacetofaceStatus, change: Partial<Standing> = {}): Standing => ({
  status,
  failureCode: null,
  heldAt: null,
  confirmUrl: null,
  confirmExpiresAt: null,
  lastQueryAt: null,
  ...change,
});
const may = (order: Standing, write = true) =>
  Object.entries(reasonsOf(order, { write }, now))
    .filter(([, reason]) => reason === null)
    .map(([name]) => name as keyof Reasons)
    .sort();

describe("what may be done with an application", () => {
  it("follows its status", () => {
    expect(may(standing("init"))).toEqual(["withdraw"]);
    expect(may(standing("init", { failureCode: "FILE_SIZE_MIN_LIMIT" }))).toEqual(["resume", "revise", "withdraw"]);
    expect(may(standing("submitted"))).toEqual(["query"]);
    expect(may(standing("submitted", { heldAt: now }))).toEqual(["query", "revise", "withdraw"]);
    expect(may(standing("merchant_auditing"))).toEqual(["query"]);
    expect(may(standing("merchant_confirm", { confirmUrl: "https://x", confirmExpiresAt: plus(now, 1) }))).toEqual([
      "link",
      "query",
      "remind",
    ]);
    expect(may(standing("success"))).toEqual([]);
    expect(may(standing("closed"))).toEqual(["reapply"]);
  });

  it("is nothing but looking at the link for whoever only reads", () => {
    const link = { confirmUrl: "https://x", confirmExpiresAt: plus(now, 1) };

    for (const status of facetofaceMachine.states) {
      expect(may(standing(status, link), false)).toEqual(status === "merchant_confirm" ? ["link"] : []);
      expect(reasonsOf(standing(status), { write: false }, now).query).toBe("role");
    }
  });

  it("says when asking was a moment ago, and when the link is over", () => {
    const asked = (ms: number) => reasonsOf(standing("submitted", { lastQueryAt: plus(now, -ms) }), { write: true }, now).query;
    const over = standing("merchant_confirm", { confirmUrl: "https://x", confirmExpiresAt: now });

    expect([asked(seconds(29)), asked(seconds(30))]).toEqual(["tooSoon", null]);
    expect(reasonsOf(over, { write: true }, now)).toMatchObject({ link: "linkExpired", remind: "linkExpired", withdraw: "approved" });
  });
});
