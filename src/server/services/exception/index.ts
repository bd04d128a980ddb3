export { dismissAnsweredDoubt, endCase } from "./end-case";
export { type ExceptionCase, openCase } from "./open-case";
