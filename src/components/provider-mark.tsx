import { clsx } from "clsx";
import type { Provider } from "~/domain/provider";

/** A lettered square, never a logo; the provider's name stands beside it in words. */
export function ProviderMark({ provider, large }: { provider: Provider; large?: boolean }) {
  return (
    <span
      aria-hidden
      className={clsx(
        "inline-grid flex-none place-items-center font-strong text-white",
        large ? "size-7 rounded-md text-[15px]/none" : "size-4 rounded-sm text-[10px]/none",
        provider === "alipay" ? "bg-[#1677ff]" : "bg-[#06a552]",
      )}
    >
      {provider === "alipay" ? "支" : "微"}
    </span>
  );
}
