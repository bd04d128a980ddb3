type ProgressBarProps = {
  /** 0 to 1. */
  share: number;
  /** A second part after the first, hatched: held, not yet used. */
  held?: number;
  label?: string;
  height?: 6 | 8;
};

const clamp = (share: number) => Math.max(0, Math.min(1, share)) * 100;

/** Widths are SVG attributes, since inline styles are refused. */
export function ProgressBar({ share, held = 0, label, height = 6 }: ProgressBarProps) {
  const used = clamp(share);
  return (
    <svg
      role={label ? "img" : undefined}
      aria-label={label}
      aria-hidden={label ? undefined : true}
      width="100%"
      height={height}
      viewBox={`0 0 100 ${height}`}
      preserveAspectRatio="none"
      className="block rounded-[1px] bg-band"
    >
      <rect width={used} height={height} className="fill-chart-1" />
      {held > 0 && <rect x={used} width={Math.min(100 - used, clamp(held))} height={height} className="fill-chart-1 opacity-45" />}
    </svg>
  );
}
