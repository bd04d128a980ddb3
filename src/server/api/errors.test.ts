import { TRPCError } from "@trpc/server";
import { expect, it } from "vitest";
import { z } from "zod";
import { APP_ERROR_CODES, AppError, ProviderError } from "~/lib/errors";
import { inputIssues, toAppError, toTrpcError } from "./errors";

const sqlError = (code: string) => new Error("Failed query: select secret", { cause: Object.assign(new Error("canary"), { code }) });

it("ERR-02 every code has its word in tRPC, and stays itself on the way", () => {
  for (const code of APP_ERROR_CODES) {
    const error = toTrpcError(new AppError(code, "for developers"));

    expect(error.message).toBe(code);
    expect(toAppError(error).code).toBe(code);
    expect(error.code === "INTERNAL_SERVER_ERROR").toBe(code === "internal");
  }
});

it("tells a provider's three ways of failing apart, without its words", () => {
  for (const kind of ["declined", "unavailable", "unknown"] as const) {
    const app = toAppError(new ProviderError(kind, "ACQ.SOMETHING", "canary of the provider", { claimed: "canary" }));

    expect(app.code).toBe(`provider_${kind}`);
    expect(JSON.stringify([app.message, app.details])).not.toContain("canary");
  }
});

it("a burden or a broken line is not a bug; anything unknown is", () => {
  expect(toAppError(sqlError("57014")).code).toBe("unavailable");
  expect(toAppError(sqlError("55P03")).code).toBe("unavailable");
  expect(toAppError(sqlError("22021")).code).toBe("invalid_input");
  expect(toAppError(sqlError("23505")).code).toBe("conflict");
  expect(toAppError(sqlError("42501")).code).toBe("internal");
  expect(toAppError(Object.assign(new Error("x"), { code: "CONNECTION_CLOSED" })).code).toBe("unavailable");
  expect(toAppError(new TypeError("undefined is not a function")).code).toBe("internal");
  expect(toAppError("thrown text").code).toBe("internal");
});

it("ERR-01 nothing of an unexpected error is in what is told", () => {
  const told = toTrpcError(sqlError("42P01"));

  expect(told.message).toBe("internal");
  expect(JSON.stringify(toAppError(told).details)).toBe("{}");
});

it("ERR-02 what tRPC itself refuses is the caller's doing", () => {
  expect(toAppError(new TRPCError({ code: "NOT_FOUND" })).code).toBe("not_found");
  expect(toAppError(new TRPCError({ code: "METHOD_NOT_SUPPORTED" })).code).toBe("invalid_input");
  expect(toAppError(new TRPCError({ code: "PARSE_ERROR" })).code).toBe("invalid_input");
});

it("ERR-02 a wrong field is named with its rule, never with its value", () => {
  const schema = z.strictObject({ name: z.string().max(3), kind: z.enum(["a"]), deep: z.strictObject({ n: z.number().min(5) }) });
  const { error } = schema.safeParse({ name: "canary-value", kind: "canary-kind", deep: { n: 1 }, "canary-key": 1 });

  const issues = inputIssues(new TRPCError({ code: "BAD_REQUEST", cause: error }));

  expect(issues).toContainEqual({ field: "name", rule: "too_big", limit: 3 });
  expect(issues).toContainEqual({ field: "deep.n", rule: "too_small", limit: 5 });
  expect(JSON.stringify(issues)).not.toContain("canary");
});
