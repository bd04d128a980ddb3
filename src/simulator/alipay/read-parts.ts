import { type JsonObject, parseStrictJson } from "../strict-json";
import type { Parameters } from "./common";
import { AlipayFailure } from "./errors";
import type { MethodFacts } from "./fields";

/** Parameters of the gateway itself: what else stands beside them is the method's. */
const COMMON = new Set([
  "app_id",
  "method",
  "format",
  "charset",
  "sign_type",
  "sign",
  "timestamp",
  "version",
  "notify_url",
  "return_url",
  "app_auth_token",
  "auth_token",
  "app_cert_sn",
  "alipay_root_cert_sn",
  "encrypt_type",
  "alipay_sdk",
  "ws_service_url",
]);

/** The business fields of a multipart method: each is a part of its own, and an object is JSON text in its part. */
export function readParts(facts: MethodFacts, { values }: Parameters): JsonObject {
  const fields: JsonObject = new Map();
  for (const [name, text] of values) {
    if (COMMON.has(name) || text === "") continue;
    const type = Object.hasOwn(facts.fields, name) ? facts.fields[name]?.type : undefined;
    if (type === "object") fields.set(name, readObject(name, text));
    else fields.set(name, type === "boolean" && (text === "true" || text === "false") ? text === "true" : text);
  }
  return fields;
}

function readObject(name: string, text: string): JsonObject {
  const value = parseStrictJson(text);
  if (value instanceof Map) return value;
  throw new AlipayFailure("40002", "isv.invalid-parameter", `参数 ${name} 不是 JSON 对象，或有重复的键`);
}
