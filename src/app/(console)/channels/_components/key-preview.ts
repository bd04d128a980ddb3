import { type Found, findKey } from "./der";

export type KeyPreview = {
  kind: Found["kind"];
  /** SHA-256 of the public half, upper-case hex: the same that is shown after saving. Null where the browser has no digest (plain http). */
  fingerprint: string | null;
  serial: string | null;
  notBefore: Date | null;
  notAfter: Date | null;
};

/** Looks at pasted key material without sending it. Null when it is no RSA key or certificate. */
export async function previewKey(text: string): Promise<KeyPreview | null> {
  const der = derOf(text);
  const found = der && findKey(der);
  if (!found) return null;
  const dates = found.kind === "certificate" ? found : { serial: null, notBefore: null, notAfter: null };
  const { serial, notBefore, notAfter } = dates;
  return { kind: found.kind, fingerprint: await sha256(found.spki), serial, notBefore, notAfter };
}

function derOf(text: string): Uint8Array | null {
  const [, inPem] = /-----BEGIN [A-Z0-9 ]+-----([^-]+)-----END/.exec(text) ?? [];
  const base64 = (inPem ?? text).replace(/\s+/g, "");
  if (!/^[A-Za-z0-9+/]{40,}={0,2}$/.test(base64)) return null;
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    // Base64 of an impossible length.
    return null;
  }
}

async function sha256(bytes: Uint8Array): Promise<string | null> {
  const { subtle } = globalThis.crypto;
  if (!subtle) return null;
  const digest = new Uint8Array(await subtle.digest("SHA-256", new Uint8Array(bytes)));
  return [...digest]
    .map((value) => value.toString(16).padStart(2, "0"))
    .join("")
    .toUpperCase();
}
