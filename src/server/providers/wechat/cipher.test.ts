import { createCipheriv, createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Aes } from "wechatpay-axios-plugin";
import { AppError } from "~/lib/errors";
import { Secret } from "~/lib/secret";
import { seal, vectors } from "~tests/fixtures/wechat/channel";
import sample from "~tests/fixtures/wechat/go-sdk-sample.json";
import { DecipherError, parseApiV3Key, readSealed, type Sealed, unseal } from "./cipher";
import { parseJson } from "./exact-json";

const KEYS = [new Secret(Buffer.from(vectors.apiV3Key))];
const { notification } = vectors;
const SEALED: Sealed = {
  algorithm: "AEAD_AES_256_GCM",
  nonce: notification.resourceNonce,
  associatedData: notification.associatedData,
  ciphertext: notification.ciphertext,
};
const open = (changes: Partial<Sealed> = {}, keys = KEYS) => unseal(keys, { ...SEALED, ...changes }).plaintext.toString();
const reason = (changes: Partial<Sealed>, keys = KEYS) => {
  try {
    return open(changes, keys);
  } catch (error) {
    return error instanceof DecipherError ? error.reason : error;
  }
};
const flip = (base64: string, bit: number) => {
  const bytes = Buffer.from(base64, "base64");
  bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return bytes.toString("base64");
};

it("opens the resource of the worked example", () => {
  expect(open()).toBe(notification.plaintext);
});

it("opens what wechatpay-axios-plugin seals, whatever the text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme-ascii", maxLength: 15 }), (text, aad) => {
      const ciphertext = Aes.AesGcm.encrypt(text, vectors.apiV3Key, SEALED.nonce, aad);
      expect(open({ ciphertext, associatedData: aad })).toBe(text);
    }),
  );
});

describe("CB-06 the tag is verified", () => {
  it("refuses when any one bit of ciphertext or tag differs", () => {
    const bits = Buffer.from(SEALED.ciphertext, "base64").length * 8;
    fc.assert(
      fc.property(fc.nat(bits - 1), (bit) => {
        expect(reason({ ciphertext: flip(SEALED.ciphertext, bit) })).toBe("tag_mismatch");
      }),
    );
  });

  it("refuses wrong associated data, a wrong nonce and a wrong key", () => {
    expect(reason({ associatedData: "refund" })).toBe("tag_mismatch");
    expect(reason({ associatedData: "" })).toBe("tag_mismatch");
    expect(reason({ nonce: "Tq3xV9bL0wZ3" })).toBe("tag_mismatch");
    expect(reason({}, [new Secret(Buffer.alloc(32, 7))])).toBe("tag_mismatch");
  });

  it.each([4, 8, 12, 13, 14, 15])("refuses a tag of %i bytes", (tagBytes) => {
    const cipher = createCipheriv("aes-256-gcm", Buffer.from(vectors.apiV3Key), Buffer.from(SEALED.nonce), { authTagLength: tagBytes });
    cipher.setAAD(Buffer.from(SEALED.associatedData));
    const sealed = Buffer.concat([cipher.update(notification.plaintext), cipher.final(), cipher.getAuthTag()]);

    expect(reason({ ciphertext: sealed.toString("base64") })).toBe("tag_mismatch");
  });

  it("refuses what is shorter than a tag, or no whole Base64", () => {
    expect(reason({ ciphertext: Buffer.alloc(15).toString("base64") })).toBe("ciphertext_format");
    expect(reason({ ciphertext: SEALED.ciphertext.slice(0, -1) })).toBe("ciphertext_format");
  });
});

it("CB-02 refuses every other algorithm, whatever the message chooses", () => {
  for (const algorithm of ["AEAD_SM4_GCM", "AEAD_AES_128_GCM", "aead_aes_256_gcm", "NONE"]) expect(reason({ algorithm })).toBe("algorithm");
  expect(reason({}, [])).toBe("no_key");
});

it("tries the newest key first and keeps the previous one working", () => {
  const changed = new Secret(Buffer.from("TheKeyThatReplacedItYesterday-32"));

  expect(unseal([changed, ...KEYS], SEALED)).toMatchObject({ keyIndex: 1 });
  expect(unseal([...KEYS, changed], SEALED)).toMatchObject({ keyIndex: 0 });
  expect(open({ ciphertext: seal("new", { key: changed.reveal().toString() }).ciphertext }, [changed, ...KEYS])).toBe("new");
});

it("reads the sealed part strictly", () => {
  const read = (changes: Record<string, unknown>) =>
    readSealed(parseJson(JSON.stringify({ ...seal("x"), ...changes })) as ReturnType<typeof parseJson> & ReadonlyMap<string, never>);

  expect(read({ associated_data: null }).associatedData).toBe("");
  for (const changes of [
    { nonce: "short" },
    { nonce: 12 },
    { ciphertext: "a b" },
    { algorithm: null },
    { associated_data: ["transaction"] },
  ]) {
    expect(() => read(changes)).toThrow();
  }
});

describe("the APIv3 key", () => {
  it("is exactly 32 bytes and prints as a secret", () => {
    const key = parseApiV3Key(` ${vectors.apiV3Key}\n`);

    expect(createHash("sha256").update(key.reveal()).digest("hex")).toBe(createHash("sha256").update(vectors.apiV3Key).digest("hex"));
    expect(`${key} ${JSON.stringify(key)}`).not.toContain("PayHub");
  });

  it.each([sample.notification.decrypt.key_utf8, "", "密".repeat(11), "x".repeat(31), "x".repeat(33)])(
    "refuses %j, naming the field",
    (text) => {
      const thrown = (() => {
        try {
          return parseApiV3Key(text);
        } catch (error) {
          return error;
        }
      })();

      expect(thrown).toBeInstanceOf(AppError);
      expect(thrown).toMatchObject({ code: "channel_invalid", details: { field: "apiV3Key", reason: "length" } });
    },
  );
});
