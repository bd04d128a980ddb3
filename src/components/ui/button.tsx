import { cva, type VariantProps } from "class-variance-authority";
import Link from "next/link";
import type { ComponentProps, MouseEvent, ReactNode } from "react";
import { cn } from "./cn";
import { Spinner } from "./spinner";

export const buttonStyle = cva(
  "inline-flex shrink-0 items-center justify-center gap-1.5 whitespace-nowrap rounded-md font-medium transition-colors select-none aria-disabled:opacity-45",
  {
    variants: {
      variant: {
        default: "bg-surface inset-ring inset-ring-line-strong not-aria-disabled:hover:bg-hover not-aria-disabled:active:bg-band",
        primary: "bg-accent text-on-accent not-aria-disabled:hover:bg-accent-hover not-aria-disabled:active:bg-accent-press",
        ghost: "text-ink-2 not-aria-disabled:hover:bg-hover not-aria-disabled:hover:text-ink not-aria-disabled:active:bg-band",
        danger: "bg-danger-fill text-white not-aria-disabled:hover:brightness-95 not-aria-disabled:active:brightness-90",
      },
      size: {
        sm: "h-7 min-w-0 px-2.5 text-xs [&_svg]:size-3.5 max-md:h-9",
        md: "h-8 min-w-16 px-3 text-sm [&_svg]:size-3.5 max-md:h-11",
        form: "h-10 min-w-20 px-4 text-md [&_svg]:size-4 max-md:h-12",
        touch: "h-12 w-full rounded-lg px-4 text-lg [&_svg]:size-4",
      },
      square: { true: "min-w-0 px-0 [&_svg]:size-4", false: "" },
    },
    compoundVariants: [
      { variant: "ghost", size: "md", square: false, class: "min-w-0 px-2" },
      { variant: "ghost", size: "touch", class: "text-accent-ink not-aria-disabled:hover:text-accent-ink" },
      { square: true, size: "sm", class: "w-7 max-md:w-9" },
      { square: true, size: "md", class: "w-8 max-md:w-11" },
    ],
    defaultVariants: { variant: "default", size: "md", square: false },
  },
);

type Look = Omit<VariantProps<typeof buttonStyle>, "square">;

export type ButtonProps = ComponentProps<"button"> &
  Look & {
    icon?: ReactNode;
    /** Shows a spinner in place of the icon and swallows clicks. */
    busy?: boolean;
    /** What the label becomes while busy, such as 正在退款…. */
    busyLabel?: ReactNode;
    /** Why it may not be pressed now. The button stays visible and focusable, and says so in a tooltip. */
    reason?: string | null | false;
    square?: boolean;
    "data-tip"?: string;
  };

export function Button({ variant, size, square, icon, busy, busyLabel, reason, children, className, onClick, ...rest }: ButtonProps) {
  const stopped = Boolean(reason) || Boolean(busy) || Boolean(rest.disabled);
  const press = (event: MouseEvent<HTMLButtonElement>) => {
    if (stopped) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    // A busy label must not make the button narrower than it was.
    event.currentTarget.style.minWidth = `${event.currentTarget.offsetWidth}px`;
    onClick?.(event);
  };
  return (
    <button
      type="button"
      {...rest}
      disabled={undefined}
      aria-disabled={stopped || undefined}
      aria-busy={busy || undefined}
      aria-description={reason || rest["aria-description"]}
      data-tip={rest["data-tip"] ?? (reason || undefined)}
      className={cn(buttonStyle({ variant, size, square }), className)}
      onClick={press}
    >
      {busy ? <Spinner /> : icon}
      {busy && busyLabel ? busyLabel : children}
    </button>
  );
}

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

export type IconButtonProps = Omit<ButtonProps, "children" | "icon" | "square"> & {
  /** Verb and object, such as 复制订单号: the accessible name and the tooltip. */
  label: string;
  icon: ReactNode;
};

export function IconButton({ label, icon, variant = "ghost", ...rest }: IconButtonProps) {
  const tip = rest.reason ? `${label}\n${rest.reason}` : label;
  return <Button {...rest} data-tip={tip} reason={rest.reason} variant={variant} square aria-label={label} icon={icon} />;
}
