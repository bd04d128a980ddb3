/** Lengths in characters as people count them (SES-05). Any character is allowed. */
export const PASSWORD_MIN = 12;
/** Platform staff can reach more, so theirs is longer. */
export const OPERATOR_PASSWORD_MIN = 15;
export const PASSWORD_MAX = 128;

export const PASSWORD_FAULTS = ["too_short", "too_long", "common", "personal"] as const;
export type PasswordFault = (typeof PASSWORD_FAULTS)[number];

/** One text, however it was typed: full-width letters, composed and decomposed accents. */
export const normalPassword = (text: string): string => text.normalize("NFKC");

export const passwordLength = (text: string): number => [...normalPassword(text)].length;
