export { findKeyed, type KeyedRequest, rememberKey, sortedText } from "./keyed";
