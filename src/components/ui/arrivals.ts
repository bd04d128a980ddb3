/** Rows split into those that may be shown now and those that wait, by their keys. */
export type Arrivals = { shown: ReadonlySet<string>; fresh: ReadonlySet<string>; held: ReadonlySet<string> };

/**
 * What becomes of rows whose keys nobody has seen yet in this list. While `holding`, rows above the first known one wait, so that nothing
 * moves under the pointer; otherwise they come in, tinted. A list with no known row is another list: everything shows, nothing is fresh.
 */
export function sortArrivals(keys: readonly string[], known: ReadonlySet<string>, holding: boolean): Arrivals {
  const firstKnown = keys.findIndex((key) => known.has(key));
  if (known.size === 0 || firstKnown < 0) return { shown: new Set(keys), fresh: new Set(), held: new Set() };
  const arrived = keys.slice(0, firstKnown);
  if (holding) return { shown: new Set(keys.slice(firstKnown)), fresh: new Set(), held: new Set(arrived) };
  return { shown: new Set(keys), fresh: new Set(arrived), held: new Set() };
}
