import { eq, inArray, sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { fen } from "~/lib/money";
import { asInstant, fenAsked, jsonColumns, written } from "./ask";
import { channel, payment } from "./schema";

describe("a question", () => {
  it("carries every value beside its text, as text", () => {
    const statement = sql`select 1 from ${payment} where ${eq(payment.orderNo, "A'1")} and amount_fen >= ${fen(12n)}::bigint
      and created_at < ${asInstant(new Date("2026-11-22T01:02:03.004Z"))} limit ${51}::int`;

    const { text, values } = written(statement);

    expect(text).toBe(`select 1 from "app"."payment" where "app"."payment"."order_no" = $1[1] and amount_fen >= $1[2]::bigint
      and created_at < $1[3]::timestamptz limit $1[4]::int`);
    expect(values).toEqual(["A'1", "12", "2026-11-22T01:02:03.004Z", "51"]);
  });

  it("counts on through statements inside it", () => {
    const inside = sql`select id from ${channel} where ${inArray(channel.environment, ["live", "sandbox"])}`;

    expect(written(sql`select ${"x"} where a in (${inside}) and b = ${"y"}`)).toEqual({
      text: 'select $1[1] where a in (select id from "app"."channel" where "app"."channel"."environment" in ($1[2], $1[3])) and b = $1[4]',
      values: ["x", "live", "sandbox", "y"],
    });
  });

  it("refuses what has no text of its own, and a value that was told to stand in the text", () => {
    expect(() => written(sql`select ${{ a: 1 }}`)).toThrow("not a value");
    expect(() => written(sql`select ${0.1}`)).toThrow("not a value");
    expect(() => written(sql`select ${"x"}`.inlineParams())).toThrow("in the text");
  });
});

describe("an answer", () => {
  it("selects money as text, by the names that the code uses", () => {
    const { text } = written(jsonColumns({ amountFen: payment.amountFen, paidAt: payment.paidAt }));

    expect(text).toBe('"app"."payment"."amount_fen"::text as "amountFen", "app"."payment"."paid_at" as "paidAt"');
  });

  it("reads money whole, and refuses a number", () => {
    expect(fenAsked("9007199254740993")).toBe(9_007_199_254_740_993n);
    expect(() => fenAsked(12 as never)).toThrow("as a number");
  });
});
