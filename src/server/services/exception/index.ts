export { assignCase, dismissCase, noteCase } from "./desk";
export { dismissAnsweredDoubt, endCase } from "./end-case";
export { type ExceptionCase, openCase } from "./open-case";
export { getCaseDetail, listCases, sumCases } from "./queries";
