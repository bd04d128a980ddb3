/** Our ids: a prefix and 26 random base-32 characters (130 bits), at most 32 characters, so that a provider takes them as order numbers. */
export const ID_PREFIXES = {
  tenant: "ten",
  user: "usr",
  session: "ses",
  invitation: "inv",
  grant: "grt",
  channel: "chn",
  secret: "sec",
  payment: "pay",
  transaction: "txn",
  entry: "ent",
  notification: "ntf",
  event: "evt",
  case: "cas",
  note: "nte",
  job: "job",
  request: "req",
  facetoface: "f2f",
  picture: "pic",
  call: "cal",
  statement: "stm",
  piece: "pce",
  reconciliation: "rec",
  difference: "dif",
} as const;
export type IdKind = keyof typeof ID_PREFIXES;
export type Id<K extends IdKind> = string & { readonly __id: K };

// Crockford's alphabet in lower case: no i, l, o, u.
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

/** One character for each byte, from its low 5 bits; 256 is a multiple of 32, so no character is favoured. */
export function base32(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += ALPHABET[byte & 31];
  return text;
}

/** 26 characters of 5 bits each from the system's generator. */
export const randomBase32 = (length = 26): string => base32(drawBytes(length));

/** Randomness is drawn for many ids at once: asking the generator costs more than all the rest of an id. Each byte is used once. */
const drawn = new Uint8Array(26 * 64);
let drawnAt = drawn.length;

function drawBytes(length: number): Uint8Array {
  if (length > drawn.length) return globalThis.crypto.getRandomValues(new Uint8Array(length));
  if (drawnAt + length > drawn.length) {
    globalThis.crypto.getRandomValues(drawn);
    drawnAt = 0;
  }
  const bytes = drawn.slice(drawnAt, drawnAt + length);
  drawn.fill(0, drawnAt, drawnAt + length);
  drawnAt += length;
  return bytes;
}

export const newId = <K extends IdKind>(kind: K): Id<K> => `${ID_PREFIXES[kind]}_${randomBase32()}` as Id<K>;

export function isId<K extends IdKind>(kind: K, text: string): text is Id<K> {
  return new RegExp(`^${ID_PREFIXES[kind]}_[0-9a-hjkmnp-tv-z]{26}$`).test(text);
}

/** Trusts a text that our own tables or a checked input gave us. */
export const asId = <K extends IdKind>(_kind: K, text: string): Id<K> => text as Id<K>;
