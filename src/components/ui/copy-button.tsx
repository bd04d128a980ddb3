"use client";

import { clsx } from "clsx";
import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { useT } from "~/i18n/use-t";
import { IconButton } from "./button";

const TICK_MS = 1_200;

/** Copies `text`; `thing` names it in the label (复制订单号). */
export function CopyButton({ text, thing, className }: { text: string; thing: string; className?: string }) {
  const t = useT("common");
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), TICK_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <>
      <IconButton
        size="sm"
        label={copied ? t("copied") : t("copyThing", { thing })}
        icon={copied ? <Check className="text-success" /> : <Copy />}
        className={clsx("[&_svg]:size-3.5!", className)}
        onClick={async (event) => {
          event.stopPropagation();
          await navigator.clipboard.writeText(text);
          setCopied(true);
        }}
      />
      <span role="status" className="sr-only">
        {copied && t("copied")}
      </span>
    </>
  );
}
