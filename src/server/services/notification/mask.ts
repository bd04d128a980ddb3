import iconv from "iconv-lite";
import { isPersonal, maskJson, maskValue } from "~/lib/mask";

export { maskJson };

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
