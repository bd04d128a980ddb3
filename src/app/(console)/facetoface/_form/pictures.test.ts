import { expect, it } from "vitest";
import { PICTURE_MAX_BYTES, PICTURE_MIN_BYTES, PICTURE_TYPES } from "~/domain/picture";
import { makePicture } from "~tests/support/pictures";
import { lookAtFile } from "./look-at-file";
import { outcomeOf } from "./upload-picture";

const blob = (bytes: Buffer) => new Blob([new Uint8Array(bytes)]);

it.each(PICTURE_TYPES)("lets a %s of either allowed end pass", async (type) => {
  expect(await lookAtFile(blob(makePicture(type, PICTURE_MIN_BYTES)))).toBeNull();
  expect(await lookAtFile(blob(makePicture(type, PICTURE_MAX_BYTES)))).toBeNull();
});

it("says why another file cannot pass, before it travels", async () => {
  expect(await lookAtFile(blob(makePicture("png", PICTURE_MIN_BYTES - 1)))).toBe("picture_too_small");
  expect(await lookAtFile(blob(makePicture("jpg", PICTURE_MAX_BYTES + 1)))).toBe("picture_too_large");
  expect(await lookAtFile(blob(Buffer.from("%PDF-1.7".padEnd(9_000))))).toBe("picture_type");
  expect(await lookAtFile(blob(Buffer.alloc(0)))).toBe("picture_type");
});

it("reads what the server answers to an upload", () => {
  const stored = { id: "pic_1", type: "png", bytes: 9_000 };

  expect(outcomeOf(201, stored)).toEqual({ picture: stored });
  expect(outcomeOf(400, { code: "picture_type" })).toEqual({ failure: "picture_type" });
  expect(outcomeOf(413, { code: "picture_too_large" })).toEqual({ failure: "picture_too_large" });
  expect(outcomeOf(413, null)).toEqual({ failure: "picture_too_large" });
  expect(outcomeOf(401, { code: "unauthenticated", requestId: "r" })).toEqual({ failure: "unauthenticated" });
  expect(outcomeOf(500, { code: "internal" })).toEqual({ failure: "unavailable" });
});
