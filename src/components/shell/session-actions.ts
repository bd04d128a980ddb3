"use client";

import { signOut } from "next-auth/react";
import { paths } from "~/lib/paths";

export async function leave(): Promise<void> {
  await signOut({ redirect: false });
  // A whole new page: nothing of the old session may stay in memory.
  location.assign(paths.signIn());
}
