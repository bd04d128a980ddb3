import { TRPCClientError } from "@trpc/client";
import { describe, expect, it } from "vitest";
import { storyOf } from "./app-error";

const failed = (data: object) => TRPCClientError.from({ error: { message: "x", code: -32603, data } } as never);

describe("storyOf", () => {
  it("tells the server's code and request id", () => {
    const story = storyOf(failed({ appCode: "state_changed", requestId: "req_1" }), { reading: false });

    expect(story).toMatchObject({ words: "state_changed", movement: "none", requestId: "req_1" });
  });

  it("does not know where the money is when the provider has not answered", () => {
    expect(storyOf(failed({ appCode: "provider_unknown" }), { reading: false }).movement).toBe("unknown");
  });

  it("does not know where the money is when the line broke after a command", () => {
    expect(storyOf(new TRPCClientError("fetch failed"), { reading: false })).toMatchObject({ words: "network", movement: "unknown" });
  });

  it("is sure that reading moved nothing", () => {
    expect(storyOf(new TRPCClientError("fetch failed"), { reading: true })).toMatchObject({ words: "networkRead", movement: "none" });
    expect(storyOf(failed({ appCode: "internal" }), { reading: true })).toMatchObject({ words: "internalRead", movement: "none" });
  });

  it("takes a code that it does not know for our own failure", () => {
    expect(storyOf(failed({ appCode: "brand_new" }), { reading: false }).words).toBe("internal");
  });
});
