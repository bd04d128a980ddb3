/** What somebody typed, as a pattern for `like`: their percent signs and underscores stand for themselves. */
export const escapeLike = (text: string): string => text.replace(/[\\%_]/g, "\\$&");
