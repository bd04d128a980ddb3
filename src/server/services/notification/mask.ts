import iconv from "iconv-lite";

/** Names of values that tell who somebody is, in forms and in JSON alike; shown masked to everybody (PII-01). */
const PERSONAL =
  /^(?:buyer_id|.*(?:open_?id|user_id|logon_id|login_id|mobile|phone|email|e_mail|cert_no|id_card|identity_no|real_name|employee_name|user_name|buyer_name))$/i;

const isPersonal = (name: string): boolean => PERSONAL.test(name);

/** Of a value only its first and last two characters stay; what the provider has masked already stays as it is. */
export function maskValue(value: string): string {
  if (value.includes("***")) return value;
  return value.length <= 6 ? "****" : `${value.slice(0, 2)}****${value.slice(-2)}`;
}

const JSON_MEMBER = /"((?:[^"\\]|\\.)*)"(\s*:\s*)(?:"((?:[^"\\]|\\.)*)"|(-?\d[\d.eE+-]*))/g;

/** JSON text as it stands, line for line, with personal members masked, also where JSON stands inside of a string. */
export function maskJson(text: string): string {
  return text.replace(JSON_MEMBER, (all, name: string, colon: string, value: string | undefined, number: string | undefined) => {
    if (isPersonal(name)) return `"${name}"${colon}"${maskValue(value ?? number ?? "")}"`;
    if (value === undefined || !/^\s*[[{]/.test(value)) return all;
    const inner = readString(value);
    return inner === null ? all : `"${name}"${colon}${JSON.stringify(maskJson(inner))}`;
  });
}

function readString(escaped: string): string | null {
  try {
    return JSON.parse(`"${escaped}"`);
  } catch {
    return null;
  }
}

/** One parameter of a signed text, decoded. */
export const maskParam = (name: string, value: string): string =>
  isPersonal(name) ? maskValue(value) : /^\s*[[{]/.test(value) ? maskJson(value) : value;

/** A form as it was posted, percent-encoded, with personal parameters masked; the others keep every byte. */
export function maskForm(text: string, charset: string): string {
  return text
    .split("&")
    .map((pair) => {
      const equals = pair.indexOf("=");
      if (equals < 0) return pair;
      const encoded = pair.slice(equals + 1);
      const value = decode(encoded, charset);
      const masked = maskParam(decode(pair.slice(0, equals), charset), value);
      return masked === value ? pair : `${pair.slice(0, equals)}=${encode(masked, charset)}`;
    })
    .join("&");
}

function decode(encoded: string, charset: string): string {
  const bytes = encoded
    .replaceAll("+", " ")
    .replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return iconv.decode(Buffer.from(bytes, "latin1"), charset);
}

const encode = (text: string, charset: string): string =>
  [...iconv.encode(text, charset)]
    .map((byte) => (PLAIN.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : hexOf(byte)))
    .join("");

const PLAIN = /[A-Za-z0-9_.!~*'()-]/;
const hexOf = (byte: number) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
