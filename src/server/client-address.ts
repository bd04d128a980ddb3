import { isIP } from "node:net";

/**
 * The caller's address, believed only as far as our own proxies reach (RATE-02): each of `proxies` added one entry at the right
 * end of `X-Forwarded-For`; whatever stands left of them was written by the caller and proves nothing.
 */
export function clientAddress(socketAddress: string | undefined, forwardedFor: string | null | undefined, proxies: number): string {
  const chain = (forwardedFor ?? "").split(",").map((entry) => entry.trim());
  const claimed = proxies > 0 ? chain.at(-proxies) : undefined;
  return plain(claimed) ?? plain(socketAddress) ?? "unknown";
}

/** IPv4 in an IPv6 coat is the same caller. */
function plain(address: string | undefined): string | null {
  if (!address) return null;
  const bare = address.replace(/^::ffff:(?=\d+\.)/i, "");
  return isIP(bare) ? bare : null;
}
