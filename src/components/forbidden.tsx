"use client";

import { useT } from "~/i18n/use-t";
import { ThreeLines } from "./three-lines";

/** In the place of a page that this person may not see. */
export function Forbidden() {
  const t = useT("errors");
  return (
    <div className="max-w-prose px-gutter py-6">
      <ThreeLines what={t("forbidden.what")} movement="none" money={t("forbidden.money")} next={t("forbidden.next")} />
    </div>
  );
}
