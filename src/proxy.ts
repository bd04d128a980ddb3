import { type NextRequest, NextResponse } from "next/server";
import { pagePolicy, REPORT_PATH } from "~/lib/page-policy";

/** Gives every page a nonce of its own: Next finds it in the policy and puts it on its scripts. It protects pages, not data (SES-01). */
export function proxy(request: NextRequest): NextResponse {
  const nonce = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
  const policy = pagePolicy({
    nonce,
    // The web process has checked it against APP_URL before.
    host: request.headers.get("host") ?? "",
    secure: request.headers.get("x-forwarded-proto") === "https",
    development: process.env.NODE_ENV === "development",
  });
  const headers = new Headers(request.headers);
  headers.set("x-nonce", nonce);
  headers.set("content-security-policy", policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  response.headers.set("reporting-endpoints", `csp="${REPORT_PATH}"`);
  return response;
}

export const config = {
  // Not for API routes and files; prefetches bring no document.
  matcher: [{ source: "/((?!api/|_next/|favicon|fonts/).*)", missing: [{ type: "header", key: "next-router-prefetch" }] }],
};
