"use client";

import { signIn } from "next-auth/react";

/** Why nobody was signed in. `until` is by this machine's clock. */
export type Refusal = { kind: "pair" } | { kind: "unavailable" } | { kind: "wait"; until: number };

/** Signs in with e-mail and password. Answers null when it worked: the cookie is set. */
export async function attemptSignIn(email: string, password: string): Promise<Refusal | null> {
  try {
    const answer = await signIn("credentials", { redirect: false, email, password });
    if (answer?.ok) return null;
    const wait = /^wait:(\d+)$/.exec(answer?.error ?? "");
    if (wait) return { kind: "wait", until: Date.now() + Number(wait[1]) * 1_000 };
    return answer?.error === "refused" ? { kind: "pair" } : { kind: "unavailable" };
  } catch {
    // The line is down, or something that is not us answered.
    return { kind: "unavailable" };
  }
}
