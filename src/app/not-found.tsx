import { ButtonLink } from "~/components/ui/button";
import { getT } from "~/i18n/get-t";
import { paths } from "~/lib/paths";

export default async function NotFound() {
  const t = await getT("common");
  return (
    <main className="mx-auto grid min-h-dvh max-w-prose content-center justify-items-start gap-3 px-gutter">
      <h1 className="text-xl font-strong">{t("notFound.title")}</h1>
      <p className="text-md text-ink-2">{t("notFound.text")}</p>
      <ButtonLink href={paths.home()} variant="primary" size="form" className="mt-3">
        {t("notFound.home")}
      </ButtonLink>
    </main>
  );
}
