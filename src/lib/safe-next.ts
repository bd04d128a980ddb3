/** Where to go after sign-in: an address of ours, or the fallback. Other hosts and schemes never (IN-08). */
export function safeNext(text: string | undefined, fallback: string): string {
  if (!text?.startsWith("/")) return fallback;
  const home = "http://home.invalid";
  // As a browser reads it: "//host" and "/\host" are other hosts.
  const url = URL.canParse(text, home) ? new URL(text, home) : null;
  return url?.origin === home ? `${url.pathname}${url.search}${url.hash}` : fallback;
}
