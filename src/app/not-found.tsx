import { clsx } from "clsx";
import { buttonStyle } from "~/components/ui/button-style";
import { getT } from "~/i18n/get-t";
import { paths } from "~/lib/paths";

export default async function NotFound() {
  const t = await getT("common");
  return (
    <main className="mx-auto grid min-h-dvh max-w-prose content-center justify-items-start gap-3 px-gutter">
      <h1 className="text-xl font-strong">{t("notFound.title")}</h1>
      <p className="text-md text-ink-2">{t("notFound.text")}</p>
      {/* A plain link: every page carries this one along, and need not carry a router's link for it. */}
      <a href={paths.home()} className={clsx(buttonStyle({ variant: "primary", size: "form" }), "mt-3")}>
        {t("notFound.home")}
      </a>
    </main>
  );
}
