export const facetofaceReads = {};
