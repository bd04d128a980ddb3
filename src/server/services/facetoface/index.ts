export { attentionWord, countAttention, needsAttention } from "./attention";
export { getFacetofaceDetail, revealAnswer } from "./detail";
export { type ExportedFacetoface, exportFacetoface } from "./export";
export type { FacetofaceOrder } from "./move";
export { maskPerson, type SealedPerson, sealPerson } from "./person";
export { countFacetoface, countFacetofaceAttention, listFacetoface } from "./queries";
