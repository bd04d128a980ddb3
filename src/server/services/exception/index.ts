export { assignCase, dismissCase, noteCase } from "./desk";
export { attachFoundOrder, dismissAnsweredDoubt, endCase } from "./end-case";
export { type ExceptionCase, findCaseByKey, openCase } from "./open-case";
export { getCaseDetail, listCases, sumCases } from "./queries";
