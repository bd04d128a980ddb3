import { JsonNumber, type JsonObject, type JsonValue, parseStrictJson } from "../strict-json";
import { AlipayFailure, invalidParameter } from "./errors";
import type { FieldFact, MethodFacts } from "./fields";

/** The business fields of one call after every check that needs no state. */
export class BizContent {
  readonly #fields: JsonObject;
  readonly #facts: MethodFacts;
  constructor(
    fields: JsonObject,
    facts: MethodFacts,
    /** Fields that the documents do not know: ignored, as at Alipay, but mostly a spelling mistake. */
    readonly unknown: readonly string[],
  ) {
    this.#fields = fields;
    this.#facts = facts;
  }
  /** The text of a field, or null when it is absent or empty. */
  text(name: string): string | null {
    const value = this.#fields.get(name);
    return typeof value === "string" && value !== "" ? value : null;
  }
  /** For a field that the checks have made sure of. */
  required(name: string): string {
    const value = this.text(name);
    if (value === null) throw invalidParameter(`${name} 不能为空`, invalidCode(this.#facts));
    return value;
  }
  /** Absent is no. */
  flag(name: string): boolean {
    return this.#fields.get(name) === true;
  }
  /** The known texts inside an object; empty when it is absent. */
  object(name: string): Record<string, string> {
    const value = this.#fields.get(name);
    return value instanceof Map ? textsOf(value, this.#facts.fields[name]?.fields ?? {}) : {};
  }
  /** Every known text and yes-or-no of the first level, as text. */
  texts(): Record<string, string> {
    return textsOf(this.#fields, this.#facts.fields);
  }
  list(name: string): string[] {
    const value = this.#fields.get(name);
    return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
  }
}

function textsOf(object: JsonObject, facts: Readonly<Record<string, FieldFact>>): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [name, value] of object) {
    if (Object.hasOwn(facts, name) && (typeof value === "string" || typeof value === "boolean")) texts[name] = String(value);
  }
  return texts;
}

/** Trades write their sub codes with a prefix, the other families without; that of statements is misspelt. */
const invalidCode = (facts: MethodFacts): string =>
  ["INVALID_PARAMETER", "INVAILID_ARGUMENTS"].find((code) => facts.errorCodes.includes(code)) ?? "ACQ.INVALID_PARAMETER";

/** Checks `biz_content`, or what stands in its place in a multipart call. */
export function checkFields(facts: MethodFacts, text: string): BizContent {
  const parsed = text === "" ? new Map<string, JsonValue>() : parseStrictJson(text);
  if (!(parsed instanceof Map)) throw new AlipayFailure("40002", "isv.invalid-parameter", "biz_content 不是 JSON 对象，或有重复的键");
  return checkObjectFields(facts, parsed);
}

/** Field by field: wrong types are the gateway's errors, wrong values those of the method. */
export function checkObjectFields(facts: MethodFacts, object: JsonObject): BizContent {
  const invalid = invalidCode(facts);
  const unknown = checkObject(facts.fields, object, "", invalid);
  if (facts.oneOf && !facts.oneOf.some((name) => isPresent(object.get(name))))
    throw invalidParameter(`${facts.oneOf.join(" 与 ")} 不能同时为空`, invalid);
  return new BizContent(object, facts, unknown);
}

const isPresent = (value: JsonValue | undefined): boolean => value !== undefined && value !== null && value !== "";

function checkObject(facts: Readonly<Record<string, FieldFact>>, object: JsonObject, path: string, invalid: string): string[] {
  const unknown: string[] = [];
  for (const [name, value] of object) {
    const fact = Object.hasOwn(facts, name) ? facts[name] : undefined;
    if (!fact) unknown.push(path + name);
    else if (value !== null) unknown.push(...checkValue(fact, value, path + name, invalid));
  }
  for (const [name, fact] of Object.entries(facts)) {
    if (fact.required && !isPresent(object.get(name))) throw invalidParameter(`${path}${name} 不能为空`, invalid);
  }
  return unknown;
}

function checkValue(fact: FieldFact, value: JsonValue, path: string, invalid: string): string[] {
  if (!hasType(fact, value)) throw new AlipayFailure("40002", "isv.invalid-parameter", `参数 ${path} 类型错误，应为 ${fact.type}`);
  if (typeof value === "string") checkText(fact, value, path, fact.failure ?? invalid);
  if (value instanceof Map) return fact.fields ? checkObject(fact.fields, value, `${path}.`, invalid) : [];
  if (Array.isArray(value)) return value.flatMap((item, index) => checkItem(fact, item, `${path}[${index}]`, invalid));
  return [];
}

function checkItem(fact: FieldFact, item: JsonValue, path: string, invalid: string): string[] {
  const expected: FieldFact = fact.items === "string" ? { type: "string" } : { type: "object", fields: fact.fields };
  return checkValue(expected, item, path, invalid);
}

function hasType(fact: FieldFact, value: JsonValue): boolean {
  switch (fact.type) {
    case "string":
      return typeof value === "string";
    case "integer":
      return value instanceof JsonNumber && value.isInteger();
    case "boolean":
      return typeof value === "boolean";
    case "object":
      return value instanceof Map;
    case "array":
      return Array.isArray(value);
    case "file":
      return false;
  }
}

function checkText(fact: FieldFact, value: string, path: string, invalid: string): void {
  if (fact.max !== undefined && [...value].length > fact.max) throw invalidParameter(`${path} 超过 ${fact.max} 个字符`, invalid);
  if (value === "") return;
  if (fact.enum && !fact.enum.includes(value)) throw invalidParameter(`${path} 的取值不在允许范围内`, invalid);
  if (fact.pattern && !new RegExp(fact.pattern, "u").test(value)) throw invalidParameter(`${path} 格式不正确`, invalid);
}
