"use client";

import type { ReactNode } from "react";
import type { Movement } from "~/domain/payment";
import { useT } from "~/i18n/use-t";

type MovementMarkProps = {
  movement: Movement;
  /** Other words than 未动 / 已入账 / 待确认 / 已退回, such as 没有扣款 for a buyer. */
  children?: ReactNode;
};

/** 资金标: where the money is, in shape and words. */
export function MovementMark({ movement, children }: MovementMarkProps) {
  const t = useT("common");
  return (
    <span className="movement" data-movement={movement}>
      {children ?? t(`movement.${movement}`)}
    </span>
  );
}

/** The bare shape, where the words stand beside it (timeline, checkout). */
export function MovementSign({ movement, large }: { movement: Movement; large?: boolean }) {
  return <span aria-hidden className="movement gap-0" data-movement={movement} data-large={large || undefined} />;
}
