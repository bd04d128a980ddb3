import { createCipheriv, createDecipheriv, type KeyObject, randomFillSync } from "node:crypto";

/**
 * One sealed text: [algorithm 1][key version 4, big endian][nonce 12][ciphertext][tag 16]. Everything before the nonce is
 * bound into the tag, with where the text stands, so that nothing of it can be exchanged or moved (KEY-02, KEY-03).
 */

/** AES-256-GCM, random 96-bit nonces: good for 2^32 texts under one key (NIST SP 800-38D §8.3), then rotate. */
const AES_256_GCM = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 5;
const OVERHEAD_BYTES = HEADER_BYTES + NONCE_BYTES + TAG_BYTES;

/** A sealed text that does not open: wrong key, wrong place, changed or cut. Says nothing of what is inside. */
export class UnsealError extends Error {
  override readonly name = "UnsealError";
  constructor(readonly reason: "malformed" | "algorithm" | "key_version" | "authentication") {
    super(`sealed text does not open: ${reason}`);
  }
}

/** `context` says what this is and where it stands; the same words must be given to open it. */
export function sealEnvelope(key: KeyObject, keyVersion: number, context: readonly string[], plain: Buffer | string): Buffer {
  const header = Buffer.alloc(HEADER_BYTES + NONCE_BYTES);
  header[0] = AES_256_GCM;
  header.writeUInt32BE(keyVersion, 1);
  drawNonce(header, HEADER_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, header.subarray(HEADER_BYTES), { authTagLength: TAG_BYTES });
  cipher.setAAD(additionalData(keyVersion, context));
  const body = typeof plain === "string" ? cipher.update(plain, "utf8") : cipher.update(plain);
  return Buffer.concat([header, body, cipher.final(), cipher.getAuthTag()]);
}

/** Randomness is drawn for many nonces at once: asking the generator for 12 bytes costs half as much as sealing. Each byte is used once. */
const drawn = Buffer.alloc(NONCE_BYTES * 256);
let drawnAt = drawn.length;

function drawNonce(into: Buffer, at: number): void {
  if (drawnAt === drawn.length) {
    randomFillSync(drawn);
    drawnAt = 0;
  }
  drawn.copy(into, at, drawnAt, drawnAt + NONCE_BYTES);
  drawnAt += NONCE_BYTES;
}

/** Throws `UnsealError`. No plaintext leaves before the tag was checked. */
export function openEnvelope(key: KeyObject, context: readonly string[], sealed: Buffer): Buffer {
  const keyVersion = envelopeVersion(sealed);
  const nonce = sealed.subarray(HEADER_BYTES, HEADER_BYTES + NONCE_BYTES);
  const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(additionalData(keyVersion, context));
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  const plain = decipher.update(sealed.subarray(HEADER_BYTES + NONCE_BYTES, -TAG_BYTES));
  try {
    return Buffer.concat([plain, decipher.final()]);
  } catch {
    plain.fill(0);
    throw new UnsealError("authentication");
  }
}

/** The version of the key that a sealed text was made with. Throws `UnsealError` for what is no sealed text. */
export function envelopeVersion(sealed: Buffer): number {
  if (sealed.length < OVERHEAD_BYTES) throw new UnsealError("malformed");
  if (sealed[0] !== AES_256_GCM) throw new UnsealError("algorithm");
  return sealed.readUInt32BE(1);
}

/** The first five bytes of everything sealed under a version: what SQL compares to find what is older. */
export function envelopeHeader(keyVersion: number): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header[0] = AES_256_GCM;
  header.writeUInt32BE(keyVersion, 1);
  return header;
}

/** JSON keeps the words apart whatever they contain. */
const additionalData = (keyVersion: number, context: readonly string[]) =>
  Buffer.from(JSON.stringify(["xjz", AES_256_GCM, keyVersion, ...context]), "utf8");
