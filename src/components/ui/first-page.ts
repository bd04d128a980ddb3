/**
 * Spread these into a list's URL defaults; spread them again into every change of a filter, which begins at the first page. Read on
 * the server too, so they stand apart from the browser's `usePager`.
 */
export const FIRST_PAGE = { after: "", page: "1" } as const;
