const WHOLE_UP_TO = 18;

/**
 * Cuts the middle of a long id and never touches the last four: `pay_7k2m…9qx4` where a prefix tells the kind,
 * `2026112022001…8061` for a provider's number.
 */
export function cutMiddle(id: string): string {
  if (id.length <= WHOLE_UP_TO) return id;
  const prefix = /^[a-z]{2,5}_/.exec(id)?.[0];
  return `${id.slice(0, prefix ? prefix.length + 4 : 13)}…${id.slice(-4)}`;
}

/** The first 12 hex digits of a SHA-256 in three groups: `8C41 D07E 93B2`. */
export function fingerprintText(sha256Hex: string): string {
  return (
    sha256Hex
      .replace(/[^0-9a-f]/gi, "")
      .slice(0, 12)
      .toUpperCase()
      .match(/.{1,4}/g) ?? []
  ).join(" ");
}
