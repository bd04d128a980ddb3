import { randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { detailsEntry, gbk, sumsEntry } from "~tests/fixtures/alipay/statement";
import { zipOf } from "~tests/fixtures/zip";
import { StatementError } from "../statement-port";
import { unzipped } from "./archive";
import { gunzipped, piecesOf } from "./inflate";

const isDetails = (name: Buffer) => name.subarray(-12).equals(gbk("业务明细.csv"));

async function all(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const taken: Buffer[] = [];
  for await (const chunk of chunks) taken.push(chunk);
  return Buffer.concat(taken);
}
const unzip = (bytes: Buffer) => all(unzipped(bytes, isDetails));
const codeOf = async (work: Promise<unknown>): Promise<string> => {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(StatementError);
  return (error as StatementError).code;
};

// Incompressible in part, so that it takes several pieces and several stored blocks.
const TEXT = Buffer.concat([randomBytes(300_000), Buffer.alloc(300_000, "a")]);

describe("a ZIP archive", () => {
  it("gives the bytes of the one wanted entry, packed or not", async () => {
    expect((await unzip(zipOf(sumsEntry, detailsEntry(TEXT)))).equals(TEXT)).toBe(true);
    expect((await unzip(zipOf(detailsEntry(TEXT, { stored: true }), sumsEntry))).equals(TEXT)).toBe(true);
    expect((await unzip(zipOf(detailsEntry(Buffer.alloc(0), { stored: true })))).length).toBe(0);
    expect((await unzip(zipOf(detailsEntry(Buffer.alloc(0))))).length).toBe(0);
  });

  it.each([
    ["no wanted entry", zipOf(sumsEntry)],
    ["two wanted entries", zipOf(detailsEntry(TEXT), detailsEntry(TEXT))],
    ["nothing", zipOf()],
    [
      "many entries",
      zipOf(...Array.from({ length: 17 }, (_, index) => ({ name: Buffer.from(`${index}`), data: TEXT })), detailsEntry(TEXT)),
    ],
  ])("with %s is no statement", async (_what, bytes) => {
    expect(await codeOf(unzip(bytes))).toBe("not_a_statement");
  });

  it.each([
    ["another checksum", zipOf(detailsEntry(TEXT, { says: { crc32: 7 } }))],
    ["another checksum of stored bytes", zipOf(detailsEntry(TEXT, { stored: true, says: { crc32: 7 } }))],
    ["more bytes announced than there are", zipOf(detailsEntry(TEXT, { says: { size: TEXT.length + 1 } }))],
    ["a password", zipOf(detailsEntry(TEXT, { says: { flags: 1 } }))],
    ["an unknown method", zipOf(detailsEntry(TEXT, { says: { method: 12 } }))],
    ["a web page", Buffer.from("<html>")],
    ["no byte", Buffer.alloc(0)],
  ])("with %s is broken", async (_what, bytes) => {
    expect(await codeOf(unzip(bytes))).toBe("broken_archive");
  });

  it("that is cut off anywhere is broken", async () => {
    const whole = zipOf(sumsEntry, detailsEntry(Buffer.from("a line\n".repeat(20))));
    for (let end = 0; end < whole.length; end += 3) expect(await codeOf(unzip(whole.subarray(0, end)))).toBe("broken_archive");
  });

  it("with changed bytes is never taken for the same", async () => {
    const whole = zipOf(detailsEntry(TEXT.subarray(0, 2_000)));
    for (const at of [100, 700, 1_500]) {
      const changed = Buffer.from(whole);
      changed.writeUInt8((changed[at] ?? 0) ^ 0x10, at);
      expect(await codeOf(unzip(changed))).toBe("broken_archive");
    }
  });

  it("that unpacks to more than it announces is refused where the lie begins", async () => {
    const bomb = zipOf(detailsEntry(Buffer.alloc(50_000_000), { says: { size: 1_000 } }));
    expect(bomb.length).toBeLessThan(60_000);

    let taken = 0;
    const work = (async () => {
      for await (const chunk of unzipped(bomb, isDetails)) taken += chunk.length;
    })();

    expect(await codeOf(work)).toBe("too_large");
    expect(taken).toBe(0);
  });

  it("that announces too much is refused unopened", async () => {
    expect(await codeOf(unzip(zipOf(detailsEntry(TEXT, { says: { size: 2 ** 30 + 1 } }))))).toBe("too_large");
  });
});

describe("a gzip file", () => {
  const packed = gzipSync(TEXT);

  it("gives its bytes, whatever the pieces", async () => {
    expect((await all(gunzipped(piecesOf(packed)))).equals(TEXT)).toBe(true);
    expect((await all(gunzipped([packed.subarray(0, 1), packed.subarray(1, 17), packed.subarray(17)]))).equals(TEXT)).toBe(true);
  });

  it("that is cut off, changed or something else is broken", async () => {
    const changed = Buffer.from(packed);
    changed.writeUInt8((changed[packed.length - 6] ?? 0) ^ 1, packed.length - 6);
    for (const bytes of [packed.subarray(0, -1), packed.subarray(0, 200_000), changed, Buffer.from("plain")]) {
      expect(await codeOf(all(gunzipped([bytes])))).toBe("broken_archive");
    }
  });

  it("that unpacks to too much is refused, and unpacked no further", async () => {
    const taken: number[] = [];
    const work = (async () => {
      for await (const chunk of gunzipped([gzipSync(Buffer.alloc(50_000_000))], 1_000_000)) taken.push(chunk.length);
    })();

    expect(await codeOf(work)).toBe("too_large");
    expect(taken.reduce((sum, length) => sum + length, 0)).toBeLessThanOrEqual(1_000_000);
  });
});
