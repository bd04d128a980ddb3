import { cva } from "class-variance-authority";

export const buttonStyle = cva(
  "inline-flex shrink-0 items-center justify-center gap-1.5 whitespace-nowrap rounded-md font-medium transition-colors select-none [&[aria-disabled=true]:not([aria-busy])]:opacity-45",
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
