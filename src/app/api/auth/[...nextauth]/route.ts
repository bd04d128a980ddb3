import { parseCookie, stringifySetCookie } from "cookie";
import { NextRequest } from "next/server";
import NextAuth from "next-auth";
import { newId } from "~/lib/id";
import { authOptions } from "~/server/auth";
import { boundedRequest } from "~/server/bounded-request";
import { clientAddress } from "~/server/client-address";
import { DEVICE_MS } from "~/server/services/session";
import { cookieNames } from "~/server/session-cookie";
import { getSystem } from "~/server/system";

type Props = { params: Promise<{ nextauth: string[] }> };

const FORM_BYTES_MAX = 16 * 1024;

async function handle(request: Request, props: Props): Promise<Response> {
  const sys = await getSystem();
  // The form is a few hundred bytes; next-auth would read any amount.
  const bounded = await boundedRequest(request, FORM_BYTES_MAX);
  if (!bounded) return new Response(null, { status: 413 });
  const names = cookieNames(sys.config);
  let known: string | null = null;
  const options = authOptions(sys, {
    ip: clientAddress(undefined, request.headers.get("x-forwarded-for"), 1),
    userAgent: (request.headers.get("user-agent") ?? "").slice(0, 300),
    requestId: newId("request"),
    deviceToken: parseCookie(request.headers.get("cookie") ?? "")[names.device] ?? null,
    onSignedIn(deviceToken) {
      known = deviceToken;
    },
  });
  const answer: Response = await NextAuth(new NextRequest(bounded) as never, props as never, options);
  const headers = new Headers(answer.headers);
  headers.set("cache-control", "no-store");
  if (known) {
    headers.append(
      "set-cookie",
      stringifySetCookie(names.device, known, {
        httpOnly: true,
        secure: names.secure,
        sameSite: "lax",
        path: "/",
        maxAge: DEVICE_MS / 1_000,
      }),
    );
  }
  return new Response(answer.body, { status: answer.status, headers });
}

export { handle as GET, handle as POST };
