import { isIP } from "node:net";
import { JsonNumber, type JsonObject, type JsonValue, parseStrictJson } from "../strict-json";
import { missingField, paramError, WechatFailure } from "./errors";

/** What is known of one field of a request body. */
export type Rule =
  | {
      kind: "text";
      required?: boolean;
      min?: number;
      max?: number;
      pattern?: RegExp;
      values?: readonly string[];
      check?: (text: string) => string | null;
    }
  | { kind: "integer"; required?: boolean; min?: bigint; max?: bigint }
  | { kind: "boolean"; required?: boolean }
  | { kind: "object"; required?: boolean; fields: Rules }
  | { kind: "list"; required?: boolean; items: Rule };
export type Rules = Readonly<Record<string, Rule>>;

/** Checks a body against its rules, types as written in the raw text. Unknown fields are ignored, and named in the answer. */
export function readBody(raw: Buffer, rules: Rules): { body: Body; unknown: string[] } {
  const parsed = parseStrictJson(raw.toString("utf8"));
  if (!(parsed instanceof Map))
    throw new WechatFailure(400, "PARAM_ERROR", "无法将JSON输入源“/body”映射到目标：请求体不是 JSON 对象", { location: "body", value: "" });
  const unknown: string[] = [];
  checkObject(rules, parsed, "/body", unknown);
  return { body: new Body(parsed), unknown };
}

/** Checked values by path, such as `amount/total`. */
export class Body {
  readonly #root: JsonObject;
  constructor(root: JsonObject) {
    this.#root = root;
  }
  #at(path: string): JsonValue | undefined {
    let value: JsonValue | undefined = this.#root;
    for (const name of path.split("/")) value = value instanceof Map ? value.get(name) : undefined;
    return value;
  }
  text(path: string): string | null {
    const value = this.#at(path);
    return typeof value === "string" && value !== "" ? value : null;
  }
  required(path: string): string {
    const value = this.text(path);
    if (value === null) throw missingField(`/body/${path}`);
    return value;
  }
  integer(path: string): bigint {
    const value = this.#at(path);
    if (!(value instanceof JsonNumber)) throw missingField(`/body/${path}`);
    return BigInt(value.text);
  }
  list(path: string): JsonValue[] {
    const value = this.#at(path);
    return Array.isArray(value) ? value : [];
  }
}

function checkObject(rules: Rules, object: JsonObject, at: string, unknown: string[]): void {
  for (const [name, value] of object) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (!rule) unknown.push(`${at}/${name}`);
    else if (value !== null) checkValue(rule, value, `${at}/${name}`, unknown);
  }
  for (const [name, rule] of Object.entries(rules)) {
    const value = object.get(name);
    if (rule.required && (value === undefined || value === null || value === "")) throw missingField(`${at}/${name}`);
  }
}

function checkValue(rule: Rule, value: JsonValue, at: string, unknown: string[]): void {
  switch (rule.kind) {
    case "text":
      if (typeof value !== "string") throw paramError(at, "应为字符串", value);
      checkText(rule, value, at);
      break;
    case "integer":
      checkInteger(rule, value, at);
      break;
    case "boolean":
      if (typeof value !== "boolean") throw paramError(at, "应为布尔值", value);
      break;
    case "object":
      if (!(value instanceof Map)) throw paramError(at, "应为对象");
      checkObject(rule.fields, value, at, unknown);
      break;
    case "list":
      if (!Array.isArray(value)) throw paramError(at, "应为数组");
      for (const [index, item] of value.entries()) checkValue(rule.items, item, `${at}/${index}`, unknown);
  }
}

function checkText(rule: Extract<Rule, { kind: "text" }>, value: string, at: string): void {
  const size = [...value].length;
  if (value === "" && !rule.required) return;
  if (rule.max !== undefined && size > rule.max) throw paramError(at, `字符串长度不得超过 ${rule.max}`, value.slice(0, 64));
  if (rule.min !== undefined && size < rule.min) throw paramError(at, `字符串长度不得小于 ${rule.min}`, value);
  if (rule.pattern && !rule.pattern.test(value)) throw paramError(at, "字符串规则校验失败", value.slice(0, 64));
  if (rule.values && !rule.values.includes(value)) throw paramError(at, `取值应为 ${rule.values.join("、")}`, value.slice(0, 64));
  const complaint = rule.check?.(value);
  if (complaint) throw paramError(at, complaint, value.slice(0, 64));
}

/** The raw text counts: 1.0 and 1e0 are no integers here. */
function checkInteger(rule: Extract<Rule, { kind: "integer" }>, value: JsonValue, at: string): void {
  if (!(value instanceof JsonNumber) || !value.isInteger()) throw paramError(at, "应为整数", value);
  const number = BigInt(value.text);
  if (rule.min !== undefined && number < rule.min) throw paramError(at, `不得小于 ${rule.min}`, value);
  if (rule.max !== undefined && number > rule.max) throw paramError(at, `不得大于 ${rule.max}`, value);
}

/** https, a path, no query. Plain http and the loopback are for this simulator only. */
export function notifyAddressComplaint(text: string): string | null {
  if (!URL.canParse(text)) return "不是有效地址";
  const url = new URL(text);
  const isLoopback = url.hostname === "localhost" || url.hostname === "[::1]" || /^127\./.test(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback)) return "必须为 https 地址";
  if (url.search || text.includes("?")) return "不能携带参数";
  if (url.hash || url.username || url.password || url.pathname === "/") return "必须为完整路径的地址";
  return null;
}

export const ipComplaint = (text: string): string | null => (isIP(text) ? null : "不是 IP 地址");
