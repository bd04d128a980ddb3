import type { NextAuthOptions } from "next-auth";
import Credentials from "next-auth/providers/credentials";
import { SignIn } from "~/domain/member";
import { asId, isId } from "~/lib/id";
import { paths } from "~/lib/paths";
import type { SystemCtx } from "./context";
import { ABSOLUTE_MS, type Origin, signIn, signOut } from "./services/session";
import { cookieNames } from "./session-cookie";

/** What the sign-in page is told: a wrong pair, or how long to wait. next-auth passes on nothing but one text. */
const REFUSED = "refused";
const waitText = (seconds: number): string => `wait:${seconds}`;

type Attempt = Origin & {
  deviceToken: string | null;
  /** Called once when the password was right, with the token that makes this browser a known one. */
  onSignedIn(deviceToken: string): void;
};

/**
 * next-auth carries the sign-in form, its CSRF token and the cookie. Its token holds the session's id alone; who that is and what they
 * may do is read from the database at every request.
 */
export function authOptions(sys: SystemCtx, attempt: Attempt): NextAuthOptions {
  const names = cookieNames(sys.config);
  // next-auth takes its own address from here only; with any other it would build links from the Host header.
  process.env.NEXTAUTH_URL = sys.config.appUrl;
  const cookie = { httpOnly: true, sameSite: "lax", path: "/", secure: names.secure } as const;
  return {
    secret: sys.config.authSecret.reveal(),
    useSecureCookies: names.secure,
    session: { strategy: "jwt", maxAge: ABSOLUTE_MS / 1_000 },
    jwt: { maxAge: ABSOLUTE_MS / 1_000 },
    pages: { signIn: paths.signIn(), signOut: paths.signIn(), error: paths.signIn() },
    cookies: {
      sessionToken: { name: names.session, options: cookie },
      csrfToken: { name: names.csrf, options: cookie },
      callbackUrl: { name: names.callback, options: cookie },
    },
    providers: [
      Credentials({
        credentials: { email: {}, password: {} },
        async authorize(given) {
          const parsed = SignIn.safeParse({ email: given?.email, password: given?.password });
          if (!parsed.success) throw new Error(REFUSED);
          const result = await signIn(sys, { ...parsed.data, deviceToken: attempt.deviceToken }, attempt).catch((error: unknown) => {
            sys.log.error({ error, requestId: attempt.requestId }, "sign-in failed");
            // Whatever went wrong inside is no business of who asks, and is never a session (SES-10).
            throw new Error("unavailable");
          });
          if (result.kind === "wait") throw new Error(waitText(result.retryAfterSeconds));
          if (result.kind === "refused") throw new Error(REFUSED);
          attempt.onSignedIn(result.deviceToken);
          return { id: result.sessionId };
        },
      }),
    ],
    callbacks: {
      jwt: ({ token, user }) => ({ sid: user ? user.id : token.sid }),
      // Nothing about the person leaves by next-auth's own address: pages and procedures ask the database.
      session: ({ session }) => ({ expires: session.expires }),
      redirect({ url }) {
        const { href, origin } = new URL(url, sys.config.appUrl);
        return origin === new URL(sys.config.appUrl).origin ? href : sys.config.appUrl;
      },
    },
    events: {
      async signOut({ token }) {
        const sessionId = token?.sid;
        if (typeof sessionId === "string" && isId("session", sessionId)) await signOut(sys, asId("session", sessionId), attempt);
      },
    },
    logger: {
      error: (code) => sys.log.warn({ security: "auth", code }, "next-auth refused"),
      warn: () => {},
      debug: () => {},
    },
  };
}
