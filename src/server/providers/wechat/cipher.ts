import { createDecipheriv } from "node:crypto";
import { AppError } from "~/lib/errors";
import { Secret } from "~/lib/secret";
import type { JsonObject } from "./exact-json";
import { readOptionalText, readText } from "./fields";

export const CIPHER = "AEAD_AES_256_GCM";
const KEY_BYTES = 32;
const TAG_BYTES = 16;

export type Sealed = { algorithm: string; nonce: string; associatedData: string; ciphertext: string };

export class DecipherError extends Error {
  override readonly name = "DecipherError";
  constructor(
    readonly reason: "algorithm" | "ciphertext_format" | "tag_mismatch" | "no_key",
    readonly evidence: string | null = null,
  ) {
    super(reason);
  }
}

/** The members of `resource` and `encrypt_certificate`. Throws FieldError. */
export function readSealed(from: JsonObject): Sealed {
  return {
    algorithm: readText(from, "algorithm", /^[0-9A-Za-z_-]{1,32}$/),
    nonce: readText(from, "nonce", /^[\x20-\x7e]{12}$/),
    associatedData: readOptionalText(from, "associated_data", /^[\x20-\x7e]{1,32}$/) ?? "",
    ciphertext: readText(from, "ciphertext", /^[0-9A-Za-z+/]+={0,2}$/),
  };
}

/**
 * Opens what only WeChat Pay and the merchant can have sealed. Keys are tried newest first, so that a changed APIv3 key
 * does not lose what was under way. Throws DecipherError; answers which key fitted.
 */
export function unseal(keys: readonly Secret<Buffer>[], sealed: Sealed): { plaintext: Buffer; keyIndex: number } {
  if (sealed.algorithm !== CIPHER) throw new DecipherError("algorithm", sealed.algorithm);
  if (keys.length === 0) throw new DecipherError("no_key");
  const bytes = Buffer.from(sealed.ciphertext, "base64");
  if (sealed.ciphertext.length % 4 !== 0 || bytes.length < TAG_BYTES) throw new DecipherError("ciphertext_format", `${bytes.length} bytes`);

  for (const [keyIndex, key] of keys.entries()) {
    const plaintext = tryKey(key.reveal(), sealed, bytes);
    if (plaintext) return { plaintext, keyIndex };
  }
  throw new DecipherError("tag_mismatch", `${keys.length} ${keys.length === 1 ? "key" : "keys"} tried`);
}

function tryKey(key: Buffer, { nonce, associatedData }: Sealed, bytes: Buffer): Buffer | null {
  const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(associatedData));
  decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
  const start = decipher.update(bytes.subarray(0, bytes.length - TAG_BYTES));
  try {
    // Only final() compares the tag: what update() gave is nothing until then.
    const end = decipher.final();
    return end.length === 0 ? start : Buffer.concat([start, end]);
  } catch {
    return null;
  }
}

/** Takes the APIv3 key as the merchant set it: exactly 32 bytes. Throws `channel_invalid` naming the field. */
export function parseApiV3Key(text: string): Secret<Buffer> {
  const bytes = Buffer.from(text.trim());
  if (bytes.length !== KEY_BYTES) {
    throw new AppError("channel_invalid", `apiV3Key has ${bytes.length} bytes, not ${KEY_BYTES}`, {
      field: "apiV3Key",
      reason: "length",
      bytes: bytes.length,
    });
  }
  return new Secret(bytes);
}
