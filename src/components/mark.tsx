/** The sign of a total: one line, a gap, a double line. */
export function Mark() {
  return (
    <svg aria-hidden width={28} height={28} viewBox="0 0 28 28" className="flex-none">
      <rect width={28} height={28} rx={6} className="fill-accent" />
      <path d="M7 8h14v1.5H7zM7 16.5h14V18H7zM7 19.5h14V21H7z" className="fill-on-accent" />
    </svg>
  );
}
