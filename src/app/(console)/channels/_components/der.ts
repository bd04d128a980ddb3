/** Just enough of DER to find the public key in a key or a certificate, in the browser, before anything is sent. */
export type Node = { tag: number; body: Uint8Array; whole: Uint8Array };

const SEQUENCE = 0x30;
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;

/** The children of a constructed value. Throws on anything that is not well-formed. */
export function readAll(bytes: Uint8Array): Node[] {
  const nodes: Node[] = [];
  for (let at = 0; at < bytes.length; ) {
    const node = readOne(bytes, at);
    nodes.push(node);
    at += node.whole.length;
  }
  return nodes;
}

function readOne(bytes: Uint8Array, at: number): Node {
  const tag = byte(bytes, at);
  const first = byte(bytes, at + 1);
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  if (first === 0x80 || lengthBytes > 3) throw new Error("length");
  let length = lengthBytes === 0 ? first : 0;
  for (let i = 0; i < lengthBytes; i++) length = length * 256 + byte(bytes, at + 2 + i);
  const start = at + 2 + lengthBytes;
  if (start + length > bytes.length) throw new Error("cut");
  return { tag, body: bytes.subarray(start, start + length), whole: bytes.subarray(at, start + length) };
}

function byte(bytes: Uint8Array, at: number): number {
  const value = bytes[at];
  if (value === undefined) throw new Error("cut");
  return value;
}

const of = (tag: number, ...parts: Uint8Array[]): Uint8Array => {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const head = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 255];
  const bytes = new Uint8Array(1 + head.length + length);
  bytes.set([tag, ...head]);
  let at = 1 + head.length;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
};

const RSA_ALGORITHM = Uint8Array.from([0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00]);

/** An RSA public key in SPKI form, from its two numbers as they stand in a key. */
const spkiOf = (modulus: Node, exponent: Node): Uint8Array =>
  of(SEQUENCE, RSA_ALGORITHM, of(BIT_STRING, Uint8Array.of(0), of(SEQUENCE, modulus.whole, exponent.whole)));

export type Found =
  | { kind: "private" | "public"; spki: Uint8Array }
  | { kind: "certificate"; spki: Uint8Array; serial: string; notBefore: Date; notAfter: Date };

/** What this is, told by its shape: PKCS#8, PKCS#1, SPKI or X.509. Null when it is none of them, or not RSA. */
export function findKey(der: Uint8Array): Found | null {
  try {
    const [outer] = readAll(der);
    return outer?.tag === SEQUENCE ? ofParts(readAll(outer.body)) : null;
  } catch {
    // Bytes that do not parse are no key; the field says so.
    return null;
  }
}

function ofParts(parts: Node[]): Found | null {
  const [first, second, third] = parts;
  if (first?.tag === INTEGER && second?.tag === SEQUENCE && third?.tag === OCTET_STRING) {
    if (!isRsa(second)) return null;
    const [inner] = readAll(third.body);
    return inner ? ofParts(readAll(inner.body)) : null;
  }
  if (first?.tag === INTEGER && second?.tag === INTEGER) {
    // PKCS#1: a private key begins with its version, a public key with the modulus.
    if (parts.length === 2) return { kind: "public", spki: spkiOf(first, second) };
    return third ? { kind: "private", spki: spkiOf(second, third) } : null;
  }
  if (first?.tag === SEQUENCE && second?.tag === BIT_STRING) {
    return isRsa(first) ? { kind: "public", spki: of(SEQUENCE, first.whole, second.whole) } : null;
  }
  if (first?.tag === SEQUENCE && second?.tag === SEQUENCE && third?.tag === BIT_STRING) return certificateOf(readAll(first.body));
  return null;
}

const isRsa = (algorithm: Node): boolean => String(readAll(algorithm.body)[0]?.whole) === String(RSA_ALGORITHM.subarray(2, 13));

function certificateOf(parts: Node[]): Found | null {
  const [serial, , , validity, , spki] = parts[0]?.tag === 0xa0 ? parts.slice(1) : parts;
  if (!serial || !validity || !spki) return null;
  const [algorithm] = readAll(spki.body);
  const [notBefore, notAfter] = readAll(validity.body).map(instantOf);
  if (!algorithm || !isRsa(algorithm) || !notBefore || !notAfter) return null;
  const hex = [...serial.body].map((value) => value.toString(16).padStart(2, "0")).join("");
  return { kind: "certificate", spki: spki.whole, serial: hex.replace(/^00/, "").toUpperCase(), notBefore, notAfter };
}

/** UTCTime has two digits for the year: 50 to 99 are the last century. */
function instantOf({ tag, body }: Node): Date | null {
  const text = new TextDecoder().decode(body);
  const full = tag === 0x17 ? `${Number(text.slice(0, 2)) < 50 ? "20" : "19"}${text}` : text;
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(full);
  return match ? new Date(`${match[1]}-${match[2]}-${match[3]}T${match[4]}:${match[5]}:${match[6]}Z`) : null;
}
