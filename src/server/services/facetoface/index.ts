export { attentionWord, countAttention, needsAttention } from "./attention";
export type { FacetofaceOrder } from "./move";
export { maskPerson, type SealedPerson, sealPerson } from "./person";
