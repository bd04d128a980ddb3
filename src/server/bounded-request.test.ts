import { describe, expect, it } from "vitest";
import { boundedRequest, DRAINED_BYTES_MAX } from "./bounded-request";

/** A request whose body comes in pieces, and what became of it. */
function sending(pieces: number, bytesEach: number) {
  const seen = { sent: 0, cancelled: false };
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (seen.sent === pieces) return controller.close();
      seen.sent += 1;
      controller.enqueue(new Uint8Array(bytesEach).fill(seen.sent));
    },
    cancel() {
      seen.cancelled = true;
    },
  });
  const request = new Request("http://platform.test/upload", { method: "POST", body, duplex: "half" } as RequestInit);
  return { request, seen };
}

describe("IN-02 a body with a bound", () => {
  it("IN-02 is given on whole up to its bound", async () => {
    const { request } = sending(4, 25);

    const bounded = await boundedRequest(request, 100);

    expect([...new Uint8Array(await (bounded as Request).arrayBuffer())]).toEqual([1, 2, 3, 4].flatMap((piece) => Array(25).fill(piece)));
  });

  it("IN-02 is refused beyond it, and read to its end, so that its sender hears why", async () => {
    const { request, seen } = sending(40, 1_000);

    expect(await boundedRequest(request, 100)).toBeNull();
    expect(seen).toEqual({ sent: 40, cancelled: false });
  });

  it("IN-02 is left where it has no end", async () => {
    const { request, seen } = sending(1_000_000, 64 * 1_024);

    expect(await boundedRequest(request, 100)).toBeNull();
    expect(seen.cancelled).toBe(true);
    expect(seen.sent * 64 * 1_024).toBeLessThan(DRAINED_BYTES_MAX + 1_000_000);
  });

  it("takes a request without a body as it is", async () => {
    const request = new Request("http://platform.test/");

    expect(await boundedRequest(request, 100)).toBe(request);
  });
});
