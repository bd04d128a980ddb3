import { clsx } from "clsx";
import { LoaderCircle } from "lucide-react";

export function Spinner({ className, label }: { className?: string; label?: string }) {
  return (
    <>
      <LoaderCircle aria-hidden className={clsx("animate-spin", className)} />
      {label && <span className="sr-only">{label}</span>}
    </>
  );
}
