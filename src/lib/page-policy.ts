/**
 * The content security policy of pages (WEB-01). Scripts run by nonce alone. Styles come as files or with the nonce, so
 * what the server renders has no style attributes; those that React sets in the browser are not meant.
 */
export function pagePolicy({
  nonce,
  host,
  secure,
  development,
}: {
  nonce: string;
  host: string;
  secure: boolean;
  development: boolean;
}): string {
  // The development server evaluates its modules and injects its styles; nothing of it is in a build.
  const script = `'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ""}`;
  const style = development ? "'self' 'unsafe-inline'" : `'self' 'nonce-${nonce}'`;
  return [
    "default-src 'self'",
    `script-src ${script}`,
    `style-src ${style}`,
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self' ${secure ? "wss" : "ws"}://${host}`,
    "object-src 'none'",
    "frame-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    `report-uri ${REPORT_PATH}`,
    "report-to csp",
  ].join("; ");
}

export const REPORT_PATH = "/api/csp-report";
