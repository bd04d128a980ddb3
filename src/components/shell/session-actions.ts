"use client";

import { signOut } from "next-auth/react";
import { paths } from "~/lib/paths";

export async function leave(): Promise<void> {
  await signOut({ redirect: false });
  // A whole new page: nothing of the old session may stay in memory.
  location.assign(paths.signIn());
}

/** The session moves to another tenant; everything on screen belongs to the old one, so the page starts anew. */
export async function enterTenant(tenantId: string, csrf: string): Promise<void> {
  const answer = await fetch(paths.switchTenant(), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ tenantId, csrfToken: csrf }),
  });
  if (!answer.ok) throw new Error(`switching the tenant failed: ${answer.status}`);
  location.assign(paths.home());
}
