import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import { AppError } from "~/lib/errors";
import { paths } from "~/lib/paths";
import { clientAddress } from "~/server/client-address";
import type { Identity } from "~/server/services/session";
import { getSystem } from "~/server/system";
import { type ApiContext, createContext } from "./context";
import { createCaller } from "./root";
import { type Access, assertAccess } from "./trpc";

/** The context of the page that is being rendered; one per request. */
export const createServerContext = cache(async (): Promise<ApiContext> => {
  const given = await headers();
  // The web process has put the caller's address there, alone.
  const ip = clientAddress(undefined, given.get("x-forwarded-for"), 1);
  return createContext(await getSystem(), { headers: given, ip, transport: "server" });
});

/** Procedures for prefetching in pages, with the rights of the person who looks at the page. */
export const getCaller = cache(async () => createCaller(await createServerContext()));

/**
 * Every page of the console asks this first (SES-01). Without a session it leads to sign-in; somebody without the right gets
 * `forbidden` back and shows why.
 */
export async function enterPage(access: Exclude<Access, { kind: "public" }>): Promise<{ identity: Identity; forbidden: AppError | null }> {
  const identity = await (await createServerContext()).identify();
  if (!identity) redirect(paths.signIn());
  // An operator stands in no tenant until a grant lets them into one.
  if (access.kind === "tenant" && !identity.tenant && identity.isOperator) redirect(paths.tenants());
  try {
    assertAccess(identity, access);
    return { identity, forbidden: null };
  } catch (error) {
    if (error instanceof AppError && error.code === "forbidden") return { identity, forbidden: error };
    throw error;
  }
}
