"use client";

import qrcode from "qrcode-generator";
import { useMemo } from "react";

type QrCardProps = {
  /** The code's content. Null once it is expired: the code is removed, not blurred. */
  value: string | null;
  label: string;
  /** In place of an expired code. */
  expired: string;
  /** Share of the time that is left, 0 to 1: the line at the bottom. */
  left?: number;
};

const QUIET_MODULES = 2;

/** Always white, in the dark theme too: scanners want dark on light. With the card's margin the quiet zone is four modules or more. */
export function QrCard({ value, label, expired, left }: QrCardProps) {
  const code = useMemo(() => (value ? drawing(value) : null), [value]);
  return (
    <div className="relative overflow-hidden rounded-lg bg-white p-3.5 ring ring-line-strong">
      {code ? (
        <svg
          role="img"
          aria-label={label}
          width={228}
          height={228}
          viewBox={`${-QUIET_MODULES} ${-QUIET_MODULES} ${code.size + 2 * QUIET_MODULES} ${code.size + 2 * QUIET_MODULES}`}
          shapeRendering="crispEdges"
          className="block"
        >
          <path d={code.path} fill="#10181b" />
        </svg>
      ) : (
        <p className="grid size-57 place-items-center px-6 text-center text-md text-[#465258]">{expired}</p>
      )}
      {left !== undefined && value && (
        <svg
          aria-hidden
          width="100%"
          height={4}
          viewBox="0 0 100 4"
          preserveAspectRatio="none"
          className="absolute inset-x-0 bottom-0 block"
        >
          <rect width={100} height={4} fill="#e3e9eb" />
          <rect width={Math.max(0, Math.min(1, left)) * 100} height={4} fill="#006178" />
        </svg>
      )}
    </div>
  );
}

/** One path of horizontal runs: a few hundred commands instead of a thousand squares. */
function drawing(value: string): { size: number; path: string } {
  const code = qrcode(0, "M");
  code.addData(value, "Byte");
  code.make();
  const size = code.getModuleCount();
  let path = "";
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      let end = column;
      while (end < size && code.isDark(row, end)) end++;
      if (end > column) path += `M${column} ${row}h${end - column}v1h${column - end}z`;
      column = end;
    }
  }
  return { size, path };
}
