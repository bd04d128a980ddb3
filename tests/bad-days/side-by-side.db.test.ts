import { expect, it } from "vitest";
import { fen } from "~/lib/money";
import { createPayment, finishPayment } from "~/server/services/payment";
import { newTenant } from "~tests/support/system";
import { systemForFile } from "~tests/support/system-for-file";

const { sys } = await systemForFile();

it("a tenant's transactions that ask for the same follow-up in different orders never wait in a circle", async () => {
  const ctx = await newTenant(sys);
  const { payment } = await createPayment(ctx, { orderNo: "FIRST", subject: "x", amountFen: fen(100n) });

  const work = Array.from({ length: 120 }, (_, index) =>
    index % 2 === 0 ? createPayment(ctx, { orderNo: `SO${index}`, subject: "x", amountFen: fen(100n) }) : finishPayment(ctx, payment.id),
  );

  const results = await Promise.allSettled(work);
  expect(results.filter(({ status }) => status === "rejected")).toEqual([]);
});
