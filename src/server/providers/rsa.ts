import { type KeyObject, sign } from "node:crypto";
import type { VerificationKey } from "./port";

/** RSA with SHA-256 in the thread pool: on the event loop a signature would stall everyone else for a quarter of a millisecond. Answers Base64. */
export function signText(text: string, key: KeyObject): Promise<string> {
  return new Promise((resolve, reject) => {
    sign("RSA-SHA256", Buffer.from(text), key, (error, signature) => (error ? reject(error) : resolve(signature.toString("base64"))));
  });
}

/** Whether a key may verify at this instant: begun, not over, not revoked (security CB-07). */
export function isLive(key: VerificationKey, now: Date): boolean {
  const at = now.getTime();
  return (
    (key.notBefore === null || key.notBefore.getTime() <= at) &&
    (key.notAfter === null || at < key.notAfter.getTime()) &&
    (key.revokedAt === null || at < key.revokedAt.getTime())
  );
}
