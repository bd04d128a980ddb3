"use client";

import { CopyButton } from "~/components/ui/copy-button";
import { Field } from "~/components/ui/field";
import { Input } from "~/components/ui/input";
import type { Provider } from "~/domain/provider";
import { useT } from "~/i18n/use-t";

/** Where the provider sends its news: built by us, to be copied, never typed. */
export function Addresses({ provider, urls }: { provider: Provider; urls: { trade: string; gateway?: string } | null }) {
  const t = useT("channel");
  if (!urls) return <p className="text-sm text-ink-3">{t("addressAfterSave")}</p>;
  return (
    <div className="grid gap-5">
      <Address label={t("notifyUrl")} hint={t(`notifyUrlHint.${provider}`)} url={urls.trade} />
      {urls.gateway && <Address label={t("gatewayUrl")} hint={t("gatewayUrlHint")} url={urls.gateway} />}
    </div>
  );
}

function Address({ label, hint, url }: { label: string; hint: string; url: string }) {
  return (
    <Field label={label} hint={hint}>
      <div className="flex items-center gap-1">
        <Input mono readOnly value={url} onFocus={(event) => event.target.select()} />
        <CopyButton text={url} thing={label} />
      </div>
    </Field>
  );
}
