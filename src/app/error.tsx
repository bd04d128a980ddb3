"use client";

import { ThreeLines } from "~/components/three-lines";
import { buttonStyle } from "~/components/ui/button-style";
import { useT } from "~/i18n/use-t";

/** A page that broke while it was made. Rendering never moves money. */
export default function PageError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  const t = useT("common");
  return (
    <div role="alert" className="mx-auto grid max-w-prose content-center justify-items-start gap-5 px-gutter py-16">
      <h1 className="text-xl font-strong">{t("crash.title")}</h1>
      <ThreeLines
        what={t("crash.what")}
        movement="none"
        money={t("crash.money")}
        next={error.digest ? t("crash.next", { id: error.digest }) : t("crash.nextPlain")}
      />
      <button type="button" className={buttonStyle({ variant: "primary", size: "form" })} onClick={reset}>
        {t("retry")}
      </button>
    </div>
  );
}
