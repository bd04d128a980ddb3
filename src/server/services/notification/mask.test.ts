import { expect, it } from "vitest";
import { maskForm, maskJson, maskParam } from "./mask";

it("PII-01 masks who somebody is in a form and leaves every other byte alone", () => {
  const form = "buyer_id=2088102534368455&buyer_logon_id=xud***%40126.com&subject=A%2bB+100%25&total_amount=0.10&buyer_id";

  expect(maskForm(form, "utf-8")).toBe("buyer_id=20****55&buyer_logon_id=xud***%40126.com&subject=A%2bB+100%25&total_amount=0.10&buyer_id");
});

it("PII-01 is not misled by an encoded name, a value of any length, or another charset", () => {
  expect(maskForm("buyer%5Fid=2088102534368455", "utf-8")).toBe("buyer%5Fid=20****55");
  expect(maskForm(`openid=${"x".repeat(5_000)}`, "utf-8")).toBe("openid=xx****xx");
  expect(maskForm("employee_name=%D5%C5%C8%FD%B7%E1&subject=%D5%C5", "gbk")).toBe("employee_name=****&subject=%D5%C5");
});

it("PII-01 masks JSON at any depth, numbers too, and JSON inside of a string", () => {
  const text = '{"payer": {"openid": "oExampleOpenid000000000000001"}, "user_id":2088102534368455, "amount":{"total":1999}}';

  expect(maskJson(text)).toBe('{"payer": {"openid": "oE****01"}, "user_id":"20****55", "amount":{"total":1999}}');
  expect(maskJson('{"biz_content":"{\\"mobile\\":\\"13812345678\\",\\"n\\":1}"}')).toBe(
    '{"biz_content":"{\\"mobile\\":\\"13****78\\",\\"n\\":1}"}',
  );
  expect(maskForm("biz_content=%7B%22employee_mobile%22%3A%2213812345678%22%7D", "utf-8")).toBe(
    "biz_content=%7B%22employee_mobile%22%3A%2213****78%22%7D",
  );
});

it("keeps a short value to itself and a value of the provider's own masking as it is", () => {
  expect(maskParam("buyer_id", "20881")).toBe("****");
  expect(maskParam("buyer_logon_id", "152****8806")).toBe("152****8806");
  expect(maskParam("fund_bill_list", '[{"amount":"0.10","fundChannel":"ALIPAYACCOUNT"}]')).toBe(
    '[{"amount":"0.10","fundChannel":"ALIPAYACCOUNT"}]',
  );
});

it("takes text that is no JSON and no form as it comes, in linear time", () => {
  expect(maskJson(`"${"\\".repeat(60_000)}`)).toHaveLength(60_001);
  expect(maskForm("%zz&&==", "utf-8")).toBe("%zz&&==");
});
