import { LanguageSwitch } from "~/components/language-switch";
import { ThreeLines } from "~/components/three-lines";
import { getT } from "~/i18n/get-t";

/** For every token that opens nothing, whatever the reason. */
export default async function CheckoutNotFound() {
  const t = await getT("checkout");
  return (
    <div className="grid min-h-dvh grid-rows-[1fr_auto] bg-canvas px-4">
      <main className="m-auto w-full max-w-[480px] rounded-lg border border-line border-t-line-strong bg-surface p-10 max-md:p-6">
        <h1 className="mb-6 text-xl font-strong">{t("invalid.title")}</h1>
        <ThreeLines size="roomy" what={t("invalid.what")} movement="none" money={t("invalid.money")} next={t("invalid.next")} />
      </main>
      <footer className="grid h-16 place-items-center text-xs text-ink-3">
        <LanguageSwitch className="min-h-7 rounded-sm px-2 hover:text-ink max-md:min-h-11" />
      </footer>
    </div>
  );
}
