export { emit, type NewEvent } from "./emit";
