import { ButtonLink } from "~/components/ui/button-link";
import { PageHead } from "~/components/ui/page-head";
import { getT } from "~/i18n/get-t";
import { paths } from "~/lib/paths";

export default async function NotFound() {
  const t = await getT("common");
  return (
    <>
      <PageHead title={t("notFound.title")} />
      <div className="grid max-w-prose justify-items-start gap-4 border-t border-line px-gutter py-6">
        <p className="text-md text-ink-2">{t("notFound.text")}</p>
        <ButtonLink href={paths.home()}>{t("notFound.home")}</ButtonLink>
      </div>
    </>
  );
}
