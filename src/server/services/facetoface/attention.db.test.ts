import { and, asc, eq } from "drizzle-orm";
import { expect, it } from "vitest";
import {
  AUDIT_SLOW_AFTER_MS,
  attentionOf,
  CONFIRM_EXPIRING_MS,
  FACETOFACE_ATTENTIONS,
  type FacetofaceStatus,
  facetofaceMachine,
} from "~/domain/facetoface";
import { newId } from "~/lib/id";
import { after, hours } from "~/lib/time";
import { type Ctx, inTenant } from "~/server/context";
import { channel, facetofaceOrder } from "~/server/db/schema";
import { givenOrder } from "~tests/support/facetoface";
import { newShop } from "~tests/support/sales";
import { newTenant } from "~tests/support/system";
import { systemForFile } from "~tests/support/system-for-file";
import { attentionWord, countAttention, needsAttention } from "./attention";

const { sys } = await systemForFile();

async function newDesk() {
  const ctx = await newShop(sys);
  const [alipay] = await ctx.read((tx) =>
    tx
      .select({ id: channel.id })
      .from(channel)
      .where(and(eq(channel.tenantId, ctx.tenantId), eq(channel.provider, "alipay"))),
  );
  if (!alipay) throw new Error("the shop has a channel");
  return { ctx, channelId: alipay.id };
}
const holding = (ctx: Ctx, instant: Date): Ctx => inTenant({ ...ctx.sys, now: () => instant }, ctx.tenantId, ctx.actor);

/** Every status with each fact absent, just before, at and just after what counts. */
const zero = new Date("2026-11-20T02:00:00.000Z");
const submissions = [null, zero, after(zero, hours(1))];
const expiries = [null, after(zero, CONFIRM_EXPIRING_MS), after(zero, AUDIT_SLOW_AFTER_MS + CONFIRM_EXPIRING_MS)];
const everyKind = facetofaceMachine.states.flatMap((status: FacetofaceStatus) =>
  submissions.flatMap((submittedAt) =>
    expiries.flatMap((confirmExpiresAt) =>
      [null, zero].flatMap((heldAt) =>
        [null, "FILE_FORMAT_IS_INVALID"].map((failureCode) => ({ status, submittedAt, confirmExpiresAt, heldAt, failureCode })),
      ),
    ),
  ),
);
const instants = [0, -1, 1].flatMap((ms) =>
  [zero, after(zero, AUDIT_SLOW_AFTER_MS), after(zero, AUDIT_SLOW_AFTER_MS + hours(1))].map((instant) => after(instant, ms)),
);

it("names in SQL what the domain names, for every kind of row at every instant that counts", async () => {
  const { ctx, channelId } = await newDesk();
  const template = await givenOrder(ctx, { channelId, status: "init" });
  const ended = (status: FacetofaceStatus) => (facetofaceMachine.isFinal(status) ? zero : null);
  await ctx.transaction((tx) =>
    tx.insert(facetofaceOrder).values(
      everyKind.map((kind) => ({
        ...template,
        ...kind,
        id: newId("facetoface"),
        closeReason: kind.status === "closed" ? ("rejected" as const) : null,
        endedAt: ended(kind.status),
      })),
    ),
  );
  const words = new Set<string | null>();

  for (const now of instants) {
    const rows = await ctx.read((tx) =>
      tx
        .select({
          status: facetofaceOrder.status,
          submittedAt: facetofaceOrder.submittedAt,
          confirmExpiresAt: facetofaceOrder.confirmExpiresAt,
          heldAt: facetofaceOrder.heldAt,
          failureCode: facetofaceOrder.failureCode,
          word: attentionWord(now),
          needs: needsAttention(now),
        })
        .from(facetofaceOrder)
        .where(eq(facetofaceOrder.tenantId, ctx.tenantId))
        .orderBy(asc(facetofaceOrder.id)),
    );
    for (const { word, needs, ...facts } of rows) {
      expect({ now, ...facts, word, needs }).toEqual({
        now,
        ...facts,
        word: attentionOf(facts, now),
        needs: attentionOf(facts, now) !== null,
      });
      words.add(word);
    }
    const counted = await holding(ctx, now).read((tx) => countAttention(tx, holding(ctx, now)));
    expect(counted).toBe(rows.filter(({ needs }) => needs).length);
    expect(rows).toHaveLength(everyKind.length + 1);
  }

  expect(words).toEqual(new Set([null, ...FACETOFACE_ATTENTIONS]));
});

it("counts one's own alone", async () => {
  const { ctx, channelId } = await newDesk();
  await givenOrder(ctx, { channelId, status: "submitted", heldAt: ctx.now() });
  const neighbour = await newTenant(sys);

  expect(await ctx.read((tx) => countAttention(tx, ctx))).toBe(1);
  expect(await neighbour.read((tx) => countAttention(tx, neighbour))).toBe(0);
});
