import Link from "next/link";
import type { ComponentProps, ReactNode } from "react";
import type { Look } from "./button";
import { buttonStyle } from "./button-style";
import { cn } from "./cn";

export type ButtonLinkProps = ComponentProps<typeof Link> & Look & { icon?: ReactNode };

/** Looks like a button, goes somewhere. Pages are not prefetched: they read live data. */
export function ButtonLink({ variant, size, icon, children, className, ...rest }: ButtonLinkProps) {
  return (
    <Link prefetch={false} {...rest} className={cn(buttonStyle({ variant, size }), className)}>
      {icon}
      {children}
    </Link>
  );
}
