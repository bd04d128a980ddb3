import postgres from "postgres";
import { expect, it } from "vitest";
import { fen } from "~/lib/money";
import { createPayment } from "~/server/services/payment";
import { newTenant } from "~tests/support/system";
import { systemForFile } from "~tests/support/system-for-file";
import { checkBooks } from "./check-books";

const { database, sys } = await systemForFile();

it("IDEM-10 a broken invariant stops new payments of that tenant alone, and a mended one lets them begin again", async () => {
  const ctx = await newTenant(sys);
  const neighbour = await newTenant(sys);
  const { payment } = await createPayment(ctx, { orderNo: "A", subject: "x", amountFen: fen(100n) });
  const owner = postgres(database.ownerUrl, { max: 1, onnotice: () => {} });
  const forge = (token: string) =>
    owner.begin(async (tx) => {
      await tx`select set_config('app.tenant_id', ${ctx.tenantId}, true)`;
      await tx.unsafe(token);
    });
  expect((await checkBooks(ctx)).getTime()).toBeGreaterThan(ctx.now().getTime());
  await expect(createPayment(ctx, { orderNo: "B", subject: "x", amountFen: fen(100n) })).resolves.toBeTruthy();

  await forge(`delete from app.outbox where subject = '${payment.id}'`);
  await checkBooks(ctx);

  await expect(createPayment(ctx, { orderNo: "C", subject: "x", amountFen: fen(100n) })).rejects.toMatchObject({
    code: "not_allowed_now",
    details: { cause: "books_broken" },
  });
  await expect(createPayment(neighbour, { orderNo: "C", subject: "x", amountFen: fen(100n) })).resolves.toBeTruthy();

  await forge(
    `insert into app.outbox (id, tenant_id, job, subject, due_at, created_at) values ('job_x', '${ctx.tenantId}', 'expire-payment', '${payment.id}', now(), now())`,
  );
  await checkBooks(ctx);
  await expect(createPayment(ctx, { orderNo: "D", subject: "x", amountFen: fen(100n) })).resolves.toBeTruthy();
  await owner.end();
});
