import type { VariantProps } from "class-variance-authority";
import { clsx } from "clsx";
import type { ComponentProps, MouseEvent, ReactNode } from "react";
import { buttonStyle } from "./button-style";
import { Spinner } from "./spinner";

export type Look = Omit<VariantProps<typeof buttonStyle>, "square">;

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
      className={clsx(buttonStyle({ variant, size, square }), className)}
      onClick={press}
    >
      {busy ? <Spinner /> : icon}
      {busy && busyLabel ? busyLabel : children}
    </button>
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
