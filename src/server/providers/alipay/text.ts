/** Lengths that Alipay takes, in characters. */
export const SUBJECT_MAX = 256;
export const BODY_MAX = 128;
