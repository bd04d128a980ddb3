import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";

const generate = promisify(generateKeyPair);

/** A new RSA 2048 private key as PKCS#8 PEM: what both providers use. */
export async function newRsaKey(): Promise<string> {
  const { privateKey } = await generate("rsa", { modulusLength: 2048 });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

export async function newEcKey(): Promise<string> {
  const { privateKey } = await generate("ec", { namedCurve: "prime256v1" });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

const parsed = new Map<string, KeyObject>();
const PARSED_MAX = 2_000;

/** Parsing a PEM costs several times a signature, and state keeps keys as text: so each text is parsed once. */
export function privateKey(pem: string): KeyObject {
  return remember(`private:${pem}`, () => createPrivateKey(pem));
}

export function publicKey(pem: string): KeyObject {
  return remember(`public:${pem}`, () => createPublicKey(pem));
}

export const publicPem = (privatePem: string): string =>
  createPublicKey(privateKey(privatePem)).export({ type: "spki", format: "pem" }).toString();

function remember(name: string, parse: () => KeyObject): KeyObject {
  const known = parsed.get(name);
  if (known) return known;
  if (parsed.size >= PARSED_MAX) parsed.clear();
  const key = parse();
  parsed.set(name, key);
  return key;
}
