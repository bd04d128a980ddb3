import { cva } from "class-variance-authority";

/** Each combination sets a thing once: buttons stand on pages that ship no merging of classes (cn.ts). */
export const buttonStyle = cva(
  "inline-flex shrink-0 items-center justify-center gap-1.5 whitespace-nowrap font-medium transition-colors select-none [&[aria-disabled=true]:not([aria-busy])]:opacity-45",
  {
    variants: {
      variant: {
        default: "bg-surface inset-ring inset-ring-line-strong not-aria-disabled:hover:bg-hover not-aria-disabled:active:bg-band",
        primary: "bg-accent text-on-accent not-aria-disabled:hover:bg-accent-hover not-aria-disabled:active:bg-accent-press",
        ghost: "not-aria-disabled:hover:bg-hover not-aria-disabled:active:bg-band",
        danger: "bg-danger-fill text-white not-aria-disabled:hover:brightness-95 not-aria-disabled:active:brightness-90",
      },
      size: {
        sm: "h-7 rounded-md text-xs max-md:h-9",
        md: "h-8 rounded-md text-sm max-md:h-11",
        form: "h-10 rounded-md text-md max-md:h-12",
        touch: "h-12 w-full rounded-lg text-lg",
      },
      square: { true: "min-w-0 px-0 [&_svg]:size-4", false: "" },
    },
    compoundVariants: [
      { square: false, size: "sm", class: "min-w-0 px-2.5 [&_svg]:size-3.5" },
      { square: false, size: "md", variant: ["default", "primary", "danger"], class: "min-w-16 px-3 [&_svg]:size-3.5" },
      { square: false, size: "md", variant: "ghost", class: "min-w-0 px-2 [&_svg]:size-3.5" },
      { square: false, size: "form", class: "min-w-20 px-4 [&_svg]:size-4" },
      { square: false, size: "touch", class: "px-4 [&_svg]:size-4" },
      { square: true, size: "sm", class: "w-7 max-md:w-9" },
      { square: true, size: "md", class: "w-8 max-md:w-11" },
      { variant: "ghost", size: ["sm", "md", "form"], class: "text-ink-2 not-aria-disabled:hover:text-ink" },
      { variant: "ghost", size: "touch", class: "text-accent-ink not-aria-disabled:hover:text-accent-ink" },
    ],
    defaultVariants: { variant: "default", size: "md", square: false },
  },
);
