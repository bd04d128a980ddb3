import { describe, expect, it } from "vitest";
import { hours, minutes } from "~/lib/time";
import { ASK_EVERY_MS, PROVIDER_ORDER_STATES, type ProviderOrderState } from "./facetoface";
import { nextAskAt, readProviderState, type Standing } from "./facetoface-news";

const held = new Date(0);
const STANDINGS: Record<string, Standing> = {
  init: { status: "init", heldAt: null, closeReason: null },
  submitted: { status: "submitted", heldAt: null, closeReason: null },
  held: { status: "submitted", heldAt: held, closeReason: null },
  auditing: { status: "merchant_auditing", heldAt: null, closeReason: null },
  confirm: { status: "merchant_confirm", heldAt: null, closeReason: null },
  success: { status: "success", heldAt: null, closeReason: null },
  rejected: { status: "closed", heldAt: null, closeReason: "rejected" },
  expired: { status: "closed", heldAt: null, closeReason: "confirm_expired" },
  withdrawn: { status: "closed", heldAt: held, closeReason: "withdrawn" },
};

/** Every standing against every word of Alipay's, written by hand: = the same, < older than what we know, ! does not fit. */
const TABLE = `
            HOLD   AUDITING  CONFIRM  SUCCESS  TIME_OUT  CANCELED
init        <      <         !        !        close     close
submitted   hold   audit     approve  open     close     close
held        =      audit     approve  open     close     close
auditing    hold   =         approve  open     close     close
confirm     <      <         =        open     close     close
success     <      <         <        =        !         !
rejected    <      <         <        !        !         =
expired     <      <         <        !        =         !
withdrawn   <      <         <        !        =         =
`;
const SIGNS: Record<string, string> = { same: "=", outdated: "<", misfit: "!" };

describe("what Alipay's word means", () => {
  const [heads = "", ...rows] = TABLE.trim().split("\n");
  const words = heads.trim().split(/\s+/);
  const stateOf = (word: string) =>
    PROVIDER_ORDER_STATES.find((state) => state.endsWith(`_${word}`) && (word !== "SUCCESS" || state === "MERCHANT_CONFIRM_SUCCESS"));

  it.each(rows.map((row) => row.trim().split(/\s+/)))("for an application that is %s", (name = "", ...signs) => {
    const standing = STANDINGS[name];
    if (!standing) throw new Error(`no standing ${name}`);

    const read = words.map((word) => {
      const news = readProviderState(standing, stateOf(word) as ProviderOrderState);
      return news.kind === "event" ? news.event : SIGNS[news.kind];
    });

    expect(read).toEqual(signs);
  });

  it("is told for every word that there is", () => {
    expect(words.map(stateOf)).toEqual([...PROVIDER_ORDER_STATES]);
    expect(rows).toHaveLength(Object.keys(STANDINGS).length);
  });
});

describe("the next question", () => {
  const now = new Date("2026-11-20T02:00:00.000Z");
  const later = (ms: number) => new Date(now.getTime() + ms);

  it.each([
    ["submitted", null, ASK_EVERY_MS],
    ["merchant_auditing", null, ASK_EVERY_MS],
    ["merchant_confirm", null, ASK_EVERY_MS],
    ["merchant_confirm", hours(5), ASK_EVERY_MS],
    ["merchant_confirm", minutes(10), minutes(10)],
    // Alipay has not noticed yet: no hurry, and no loop.
    ["merchant_confirm", 0, ASK_EVERY_MS],
    ["merchant_confirm", -minutes(1), ASK_EVERY_MS],
    // An expiry that was, before it was held again.
    ["submitted", minutes(10), ASK_EVERY_MS],
  ] as const)("while %s and the merchant has %s ms left is due in %s ms", (status, left, gap) => {
    expect(nextAskAt({ status, confirmExpiresAt: left === null ? null : later(left) }, now)).toEqual(later(gap));
  });

  it.each(["init", "success", "closed"] as const)("is never put while %s", (status) => {
    expect(nextAskAt({ status, confirmExpiresAt: null }, now)).toBeNull();
  });
});
