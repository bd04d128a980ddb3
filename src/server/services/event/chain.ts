import { createHash } from "node:crypto";
import type { event } from "~/server/db/schema";

/** What stands before the first link. */
export const CHAIN_START = Buffer.alloc(32);

export type SealedContent = Pick<
  typeof event.$inferSelect,
  "tenantId" | "id" | "no" | "txid" | "type" | "subject" | "actorKind" | "actorId" | "at" | "details" | "ip" | "requestId"
>;

/** One link: SHA-256 over the hash before it and everything that the event says. */
export function linkHash(previous: Buffer, content: SealedContent): Buffer {
  const { tenantId, id, no, txid, type, subject, actorKind, actorId, at, details, ip, requestId } = content;
  const text = canonicalJson({
    tenantId,
    id,
    no: no.toString(),
    txid,
    type,
    subject,
    actorKind,
    actorId,
    at: at.toISOString(),
    details,
    ip,
    requestId,
  });
  return createHash("sha256").update(previous).update(text, "utf8").digest();
}

/** JSON with the members of every object in order of their names, so that equal content is equal text. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`).join(",")}}`;
}
