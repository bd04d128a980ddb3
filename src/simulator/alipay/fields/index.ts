import cancel from "./cancel.json";
import close from "./close.json";
import create from "./create.json";
import refundQuery from "./fastpay-refund-query.json";
import pagePay from "./page-pay.json";
import precreate from "./precreate.json";
import query from "./query.json";
import refund from "./refund.json";
import wapPay from "./wap-pay.json";

/** What is known of one business field: the official SDK's type, and the documented requirement, length, values and form. */
export type FieldFact = {
  type: "string" | "integer" | "boolean" | "object" | "array";
  required?: boolean;
  max?: number;
  enum?: readonly string[];
  pattern?: string;
  items?: "string";
  fields?: Readonly<Record<string, FieldFact>>;
};
export type MethodFacts = {
  method: string;
  /** At least one of these must be there. */
  oneOf?: readonly string[];
  errorCodes: readonly string[];
  fields: Readonly<Record<string, FieldFact>>;
};

const certificateDownload: MethodFacts = {
  method: "alipay.open.app.alipaycert.download",
  errorCodes: [],
  fields: { alipay_cert_sn: { type: "string", required: true, max: 64 } },
};

// JSON modules type every text as `string`; the files are checked against these types by a test.
const files = [cancel, close, create, refundQuery, pagePay, precreate, query, refund, wapPay] as unknown as readonly MethodFacts[];

/** The methods served, by name. */
export const METHOD_FACTS: ReadonlyMap<string, MethodFacts> = new Map(
  [...files, certificateDownload].map((facts) => [facts.method, facts]),
);
