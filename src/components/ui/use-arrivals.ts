"use client";

import { useEffect, useMemo, useRef, useState } from "react";
import { sortArrivals } from "./arrivals";

type ArrivalsInput<Row> = {
  rows: readonly Row[] | undefined;
  rowKey: (row: Row) => string;
  live?: string;
  openKey?: string | null;
};

const NOTHING: ReadonlySet<string> = new Set();

/** Keeps live rows from pushing what somebody points at or reads; without `live` it passes all rows through. */
export function useArrivals<Row>({ rows, rowKey, live, openKey }: ArrivalsInput<Row>) {
  const [hovered, setHovered] = useState(false);
  const [releases, setReleases] = useState(0);
  const seen = useRef({ live, releases, keys: NOTHING });
  const holding = hovered || Boolean(openKey);

  const { shown, fresh, held } = useMemo(() => {
    const same = seen.current.live === live && seen.current.releases === releases;
    return sortArrivals((rows ?? []).map(rowKey), live !== undefined && same ? seen.current.keys : NOTHING, holding);
  }, [rows, rowKey, live, releases, holding]);

  // What was shown is known from now on; what waits is not.
  useEffect(() => {
    if (rows) seen.current = { live, releases, keys: shown };
  }, [rows, live, releases, shown]);

  return {
    rows: held.size > 0 ? rows?.filter((row) => shown.has(rowKey(row))) : rows,
    fresh: live === undefined ? NOTHING : fresh,
    held: held.size,
    release: () => setReleases((count) => count + 1),
    hold: live === undefined ? {} : { onPointerEnter: () => setHovered(true), onPointerLeave: () => setHovered(false) },
  };
}
