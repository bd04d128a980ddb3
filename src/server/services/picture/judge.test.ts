import { describe, expect, it } from "vitest";
import { PICTURE_MAX_BYTES, PICTURE_MIN_BYTES, PICTURE_TYPES } from "~/domain/picture";
import { makePicture } from "~tests/support/pictures";
import { judgePicture } from "./judge";

const padded = (text: string, length = 8_000) => Buffer.concat([Buffer.from(text, "latin1"), Buffer.alloc(length, " ")]);

describe("what is a picture", () => {
  it.each(PICTURE_TYPES)("%s is one, from its first byte count to its last", (type) => {
    expect(judgePicture(makePicture(type))).toEqual({ ok: true, type });
    expect(judgePicture(makePicture(type, PICTURE_MIN_BYTES))).toEqual({ ok: true, type });
    expect(judgePicture(makePicture(type, PICTURE_MAX_BYTES))).toEqual({ ok: true, type });
  });

  it.each(PICTURE_TYPES)("IN-02 a %s with a byte too few or too many is not taken", (type) => {
    expect(judgePicture(makePicture(type, PICTURE_MIN_BYTES - 1))).toEqual({ ok: false, refusal: "picture_too_small" });
    expect(judgePicture(makePicture(type, PICTURE_MAX_BYTES + 1))).toEqual({ ok: false, refusal: "picture_too_large" });
  });

  it.each([
    ["a page", padded("<!doctype html><script>alert(1)</script>")],
    ["a drawing with a script", padded('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')],
    ["a document", padded("%PDF-1.7\n")],
    ["an archive", padded("PK\x03\x04")],
    ["a program", padded("MZ\x90\x00")],
    ["WebP, which Alipay does not take", padded("RIFF\x00\x20\x00\x00WEBPVP8 ")],
    ["nothing", Buffer.alloc(0)],
    ["zeros", Buffer.alloc(8_000)],
    ["the first bytes of a PNG before a page", padded("\x89PNG\r\n\x1a\n<script>alert(1)</script>")],
    ["the first bytes of a JPEG and no more", padded("\xff\xd8\xff")],
    ["two letters of a bitmap", padded("BM<script>alert(1)</script>")],
    ["a GIF without a side", padded("GIF89a\x00\x00\x00\x00")],
  ])("IN-02 %s is none, whatever it is called", (_what, bytes) => {
    expect(judgePicture(bytes)).toEqual({ ok: false, refusal: "picture_type" });
  });

  it("IN-02 a picture that claims a hundred thousand pixels a side is none", () => {
    const bomb = makePicture("png");
    bomb.writeUInt32BE(100_000, 16);

    expect(judgePicture(bomb)).toEqual({ ok: false, refusal: "picture_type" });
  });
});
