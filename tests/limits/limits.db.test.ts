import postgres from "postgres";
import { describe, expect, it } from "vitest";
import { fen } from "~/lib/money";
import { contextFor } from "~/server/api/context";
import { toAppError } from "~/server/api/errors";
import { createCaller, listProcedures } from "~/server/api/root";
import { sqlState, violatedConstraint } from "~/server/db/client";
import { createPayment } from "~/server/services/payment";
import { newMember } from "~tests/support/factories";
import { newTenant } from "~tests/support/system";
import { systemForFile } from "~tests/support/system-for-file";

const { database, sys } = await systemForFile();

const errorOf = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => error,
  );

describe("SES-01 every procedure checks for itself", () => {
  const guarded = listProcedures().filter(({ callers }) => !callers.includes("anyone"));

  it.each(guarded.map(({ path }) => path))("SES-01 %s refuses somebody who is not signed in", async (path) => {
    let target = createCaller(contextFor(sys, null)) as unknown as Record<string, unknown>;
    for (const part of path.split(".")) target = target[part] as Record<string, unknown>;

    const error = await errorOf((target as unknown as (input: unknown) => Promise<unknown>)({}));

    expect(toAppError(error).code).toBe("unauthenticated");
  });

  it("and hardly anything is open to anybody", () => {
    const open = listProcedures().filter(({ callers }) => callers.includes("anyone"));

    expect(
      open.every(({ path }) => /^(public|member|tenant)\./.test(path)),
      open.map(({ path }) => path).join(" "),
    ).toBe(true);
  });
});

describe("IDEM-06 what went back never exceeds what came in", () => {
  it("IDEM-06 refuses it in the database itself, whoever races", async () => {
    const ctx = await newTenant(sys);
    const { payment } = await createPayment(ctx, { orderNo: "IDEM06", subject: "x", amountFen: fen(100n) });
    const owner = postgres(database.ownerUrl, { max: 1, onnotice: () => {} });

    const refund = (amount: number) =>
      owner.begin(async (tx) => {
        await tx`select set_config('app.tenant_id', ${ctx.tenantId}, true)`;
        await tx`update app.payment set refunded_fen = refunded_fen + ${amount} where id = ${payment.id}`;
      });
    const results = await Promise.allSettled([refund(60), refund(60)]);
    const [row] = await owner.begin(async (tx) => {
      await tx`select set_config('app.tenant_id', ${ctx.tenantId}, true)`;
      return tx<{ refunded: string }[]>`select refunded_fen::text as refunded from app.payment where id = ${payment.id}`;
    });
    await owner.end();

    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const refused = results.find((result) => result.status === "rejected") as PromiseRejectedResult;
    expect(violatedConstraint(refused.reason)).toBe("payment_refunded");
    expect(row?.refunded).toBe("60");
  });
});

describe("IN-03 nobody holds the database", () => {
  it("IN-03 ends a statement after five seconds and a wait for a lock after two", async () => {
    const ctx = await newTenant(sys);

    const limits = await ctx.read(async (tx) => ({
      statement: (await tx.execute<{ statement_timeout: string }>("show statement_timeout"))[0]?.statement_timeout,
      lock: (await tx.execute<{ lock_timeout: string }>("show lock_timeout"))[0]?.lock_timeout,
    }));

    expect(limits).toEqual({ statement: "5s", lock: "2s" });
  });

  it("IN-03 a lock that another holds is given up, and nothing is left behind", async () => {
    const ctx = await newTenant(sys);
    const { payment } = await createPayment(ctx, { orderNo: "IN03", subject: "x", amountFen: fen(100n) });
    const holder = postgres(database.ownerUrl, { max: 1, onnotice: () => {} });
    let release = () => {};
    const held = new Promise<void>((taken) => {
      void holder.begin(async (tx) => {
        await tx`select set_config('app.tenant_id', ${ctx.tenantId}, true)`;
        await tx`select 1 from app.payment where id = ${payment.id} for update`;
        taken();
        await new Promise<void>((resolve) => {
          release = resolve;
        });
      });
    });
    await held;

    const { cancelPayment } = await import("~/server/services/payment");
    const error = await errorOf(cancelPayment(ctx, payment.id, "test"));
    release();
    await holder.end();

    expect(sqlState(error)).toBe("55P03");
    const again = await cancelPayment(ctx, payment.id, "test");
    expect(again.status).toBe("closed");
  });

  it.each(["payment.list", "inbox.list", "exception.list"])(
    "IN-03 %s sorts and filters by nothing but what is on its list",
    async (path) => {
      const { api } = await newMember(await newTenant(sys), "finance");
      const [noun = "", verb = ""] = path.split(".");
      const call = (api as unknown as Record<string, Record<string, (input: unknown) => Promise<unknown>>>)[noun]?.[verb];

      for (const input of [
        { sort: "amount; drop table app.payment" },
        { sort: "password_hash" },
        { orderBy: "id" },
        { cursor: "x' or 1=1" },
      ]) {
        expect(toAppError(await errorOf(call?.(input) ?? Promise.resolve())).code).toBe("invalid_input");
      }
    },
  );
});

it("IN-04 answers list their fields: nothing sealed, hashed or internal leaves with a row", async () => {
  const { api, ...owner } = await newMember(await newTenant(sys), "owner");
  const created = await api.payment.create({ orderNo: "IN04", subject: "x", amountFen: "100" });
  const texts = [
    await api.payment.list({}),
    await api.payment.get({ paymentId: created.id }),
    await api.inbox.list({}),
    await api.exception.list({}),
    await api.channel.list({}),
    await api.member.list({}),
  ].map((answer) => JSON.stringify(answer, (_name, value) => (typeof value === "bigint" ? value.toString() : value)));

  for (const text of texts) {
    expect(text).not.toMatch(/sealed|passwordHash|tokenHash|tenantId|tenant_id|dedupeKey|wrapped/i);
  }
  expect(owner.email).toContain("@");
});
