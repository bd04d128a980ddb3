import agentCancel from "./agent-cancel.json";
import agentConfirm from "./agent-confirm.json";
import agentCreate from "./agent-create.json";
import agentFacetofaceSign from "./agent-facetoface-sign.json";
import agentOrderQuery from "./agent-order-query.json";
import agentSignstatusQuery from "./agent-signstatus-query.json";
import billDownloadurlQuery from "./bill-downloadurl-query.json";
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
  type: "string" | "integer" | "boolean" | "object" | "array" | "file";
  required?: boolean;
  max?: number;
  enum?: readonly string[];
  pattern?: string;
  items?: "string";
  /** Sub code of a wrong value, where the field has one of its own. */
  failure?: string;
  fields?: Readonly<Record<string, FieldFact>>;
};
export type MethodFacts = {
  method: string;
  /** Its fields are parts of the form: there is no `biz_content`. */
  multipart?: boolean;
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
const files = [
  agentCreate,
  agentFacetofaceSign,
  agentConfirm,
  agentCancel,
  agentOrderQuery,
  agentSignstatusQuery,
  billDownloadurlQuery,
  cancel,
  close,
  create,
  refundQuery,
  pagePay,
  precreate,
  query,
  refund,
  wapPay,
] as unknown as readonly MethodFacts[];

/** The methods served, by name. */
export const METHOD_FACTS: ReadonlyMap<string, MethodFacts> = new Map(
  [...files, certificateDownload].map((facts) => [facts.method, facts]),
);
