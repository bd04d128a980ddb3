/** Names of values that tell who somebody is, in forms and in JSON alike; shown masked to everybody (PII-01). */
const PERSONAL =
  /^(?:buyer_id|.*(?:open_?id|user_id|logon_id|login_id|mobile|phone|email|e_mail|cert_no|id_card|identity_no|real_name|employee_name|user_name|buyer_name))$/i;

export const isPersonal = (name: string): boolean => PERSONAL.test(name);

/** Of a value only its first and last two characters stay; what a provider has masked already stays as it is. */
export function maskValue(value: string): string {
  if (value.includes("***")) return value;
  return value.length <= 6 ? "****" : `${value.slice(0, 2)}****${value.slice(-2)}`;
}

const JSON_MEMBER = /"((?:[^"\\]|\\.)*)"(\s*:\s*)(?:"((?:[^"\\]|\\.)*)"|(-?\d[\d.eE+-]*))/g;

/** JSON text as it stands, line for line, with what `hidden` names masked, also where JSON stands inside of a string. */
export function maskJson(text: string, hidden: (name: string) => boolean = isPersonal): string {
  return text.replace(JSON_MEMBER, (all, name: string, colon: string, value: string | undefined, number: string | undefined) => {
    if (hidden(name)) return `"${name}"${colon}"${maskValue(value ?? number ?? "")}"`;
    if (value === undefined || !/^\s*[[{]/.test(value)) return all;
    const inner = readString(value);
    return inner === null ? all : `"${name}"${colon}${JSON.stringify(maskJson(inner, hidden))}`;
  });
}

function readString(escaped: string): string | null {
  try {
    return JSON.parse(`"${escaped}"`);
  } catch {
    return null;
  }
}
