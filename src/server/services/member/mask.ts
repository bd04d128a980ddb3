/** First character of an e-mail address, its domain in full (PII-01). */
export const maskEmail = (email: string): string => email.replace(/^(.)[^@]*(?=@)/u, "$1***");
