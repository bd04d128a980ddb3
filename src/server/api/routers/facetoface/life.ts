export const facetofaceLife = {};
