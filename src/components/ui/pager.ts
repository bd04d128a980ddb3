"use client";

import { useRef } from "react";
import { FIRST_PAGE } from "./first-page";

type PagerInput = {
  state: { after: string; page: string };
  set: (change: { after: string; page: string }, how: "push") => void;
  limit: number;
  /** Rows on this page, and where the next one begins; undefined while loading. */
  count: number | undefined;
  nextCursor: string | null | undefined;
};

/** Keyset paging in the URL. 上一页 walks back over the cursors that this visit has seen, or to the first page after a reload. */
export function usePager({ state, set, limit, count, nextCursor }: PagerInput) {
  const trail = useRef<string[]>([]);
  const page = Math.max(1, Math.floor(Number(state.page)) || 1);
  trail.current[page - 1] = state.after;
  const before = state.after ? trail.current[page - 2] : undefined;
  return {
    onPrev: state.after ? () => set(before === undefined ? FIRST_PAGE : { after: before, page: String(page - 1) }, "push") : null,
    onNext: nextCursor ? () => set({ after: nextCursor, page: String(page + 1) }, "push") : null,
    /** For 第 1–15 笔. */
    range: count ? { from: (page - 1) * limit + 1, to: (page - 1) * limit + count } : null,
  };
}
