import fc from "fast-check";
import iconv from "iconv-lite";
import { describe, expect, it } from "vitest";
import { parseForm } from "./form";

const parse = (text: string) => parseForm(Buffer.from(text, "latin1"));
const causeOf = (text: string) => {
  const form = parse(text);
  return "cause" in form ? form.cause : "accepted";
};

const percentGbk = (text: string) =>
  [...iconv.encode(text, "gbk")].map((byte) => `%${byte.toString(16).padStart(2, "0").toUpperCase()}`).join("");

const fieldName = fc.stringMatching(/^[a-z_]{1,20}$/).filter((name) => name !== "charset");
const someFields = fc.dictionary(
  fieldName,
  fc.string({ unit: "binary" }).map((text) => text.replace(/\p{Cs}/gu, "")),
  { minKeys: 1, maxKeys: 12 },
);

describe("parseForm", () => {
  it("reads what any form encoder writes, once and exactly", () => {
    fc.assert(
      fc.property(someFields, fc.boolean(), (fields, plus) => {
        const written = plus
          ? new URLSearchParams(fields).toString()
          : Object.entries(fields)
              .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
              .join("&");

        const form = parse(written);

        if ("cause" in form) throw new Error(form.cause);
        expect(Object.fromEntries(form.fields)).toEqual({ ...fields });
      }),
    );
  });

  it("builds the signed text from all fields but sign and sign_type, sorted by name", () => {
    fc.assert(
      fc.property(someFields, (fields) => {
        const form = parse(new URLSearchParams({ ...fields, sign: "s", sign_type: "RSA2" }).toString());

        if ("cause" in form) throw new Error(form.cause);
        const names = Object.keys(fields)
          .filter((name) => name !== "sign" && name !== "sign_type")
          .sort();
        expect(form.signedText).toBe(names.map((name) => `${name}=${fields[name]}`).join("&"));
        expect(form.signedBytes.toString("utf8")).toBe(form.signedText);
      }),
    );
  });

  it("never throws, whatever the bytes", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void parseForm(Buffer.from(bytes))));
    fc.assert(fc.property(fc.stringMatching(/^[a-c%+=&0-9A-F]{0,60}$/), (text) => void parse(text)));
  });

  it("does not decode a second time: a percent sign in a title stays one", () => {
    const form = parse("subject=100%2525+%252B%2541");

    expect("fields" in form && form.fields.get("subject")).toBe("100%25 %2B%41");
  });

  it.each(["subject=a&subject=a", "total_amount=1.00&x=1&total_amount=100.00", "charset=utf-8&charset=gbk"])(
    "CB-04 repeated parameters are refused: %s",
    (text) => expect(causeOf(text)).toBe("repeated_field"),
  );

  it.each([
    ["", "empty_body"],
    ["a", "pair_without_value"],
    ["a=1&", "pair_without_value"],
    ["a=1&&b=2", "pair_without_value"],
    ["=1", "bad_name"],
    ["a%5B%5D=1", "bad_name"],
    ["a[]=1", "bad_name"],
    ["a=%", "bad_encoding"],
    ["a=%zz", "bad_encoding"],
    ["a=%u0041", "bad_encoding"],
    ["a=%C0%80", "bad_encoding"],
    ["a=%ED%A0%80", "bad_encoding"],
    ["a=%E4%B9", "bad_encoding"],
    ["a=\xe4\xb9\xa6", "raw_bytes"],
    ["a=1 2", "raw_bytes"],
    ["a=1\r\nb=2", "raw_bytes"],
    ["charset=utf-7&a=1", "unknown_charset"],
    ["charset=gbk&a=%FF", "bad_encoding"],
    ["charset=gbk&a=%E4%B", "bad_encoding"],
    ["charset=utf-8&a=%CA%E9", "bad_encoding"],
    [Array.from({ length: 201 }, (_, i) => `f${i}=1`).join("&"), "too_many_fields"],
  ])("CB-04 a form in doubt is refused: %s", (text, cause) => expect(causeOf(text)).toBe(cause));

  it("reads GBK and keeps the very bytes that were signed", () => {
    const form = parse(`charset=GBK&subject=${percentGbk("办公用品 100% 书")}&app_id=2021`);

    if ("cause" in form) throw new Error(form.cause);
    expect(form.fields.get("subject")).toBe("办公用品 100% 书");
    expect(form.signedText).toBe("app_id=2021&charset=GBK&subject=办公用品 100% 书");
    expect(form.signedBytes).toEqual(iconv.encode(form.signedText, "gbk"));
  });

  it("IN-05 field names such as __proto__ have no effect", () => {
    const form = parse("__proto__=x&constructor=y&toString=z");

    expect("fields" in form && [...form.fields.keys()]).toEqual(["__proto__", "constructor", "toString"]);
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });
});
