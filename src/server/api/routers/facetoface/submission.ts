export const facetofaceSubmission = {};
