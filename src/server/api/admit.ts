import type { Permission } from "~/domain/tenant";
import { AppError } from "~/lib/errors";
import type { Ctx } from "~/server/context";
import type { ApiContext } from "./context";
import { countCall } from "./rate-limit";
import { assertAccess, serviceContext } from "./trpc";

/**
 * Lets somebody who holds the permission in, at an address that is no procedure: counted, refused and checked as a procedure is.
 * `name` is what it is counted as. What changes something must come from our own pages; a picture in one of them says no origin.
 */
export async function admit(
  context: ApiContext,
  { name, permission, changes }: { name: string; permission: Permission; changes: boolean },
): Promise<Ctx> {
  if (changes && !context.sameOrigin) throw new AppError("forbidden", "foreign origin");
  const identity = await context.identify();
  await countCall(identity?.tenant?.id ?? context.ip, name, permission);
  assertAccess(identity, { kind: "tenant", permission, fresh: false });
  return serviceContext(context, identity);
}
