"use client";

import { useEffect } from "react";
import { useController } from "react-hook-form";
import { LoadError } from "~/components/load-error";
import { ProviderMark } from "~/components/provider-mark";
import { ThreeLines } from "~/components/three-lines";
import { ButtonLink } from "~/components/ui/button-link";
import { Field } from "~/components/ui/field";
import { Select } from "~/components/ui/select";
import { Skeleton } from "~/components/ui/states";
import { ENVIRONMENT_LABEL } from "~/domain/provider";
import { useLang, useT } from "~/i18n/use-t";
import { paths } from "~/lib/paths";
import { api } from "~/trpc/client";
import { CHANNELS_INPUT } from "./channels-input";
import { Place, useFieldWords } from "./fields";
import type { FormValues } from "./values";

/** Enabled Alipay channels of service providers (ISV): Alipay lets no other apply for a merchant. Undefined until they are known. */
export function useUsableChannels() {
  const { data, error, refetch } = api.channel.list.useQuery(CHANNELS_INPUT);
  return { usable: data?.items.filter(({ status, isIsv }) => status === "enabled" && isIsv), error, retry: () => void refetch() };
}

export function ChannelField() {
  const t = useT("facetofaceForm");
  const lang = useLang();
  const { field } = useController<FormValues, "channelId">({ name: "channelId" });
  const words = useFieldWords("channelId");
  const { usable, error, retry } = useUsableChannels();
  const only = usable?.length === 1 ? (usable[0]?.id as string) : "";
  const isKnown = !usable || !field.value || usable.some(({ id }) => id === field.value);
  const { value, onChange } = field;
  // One that a draft names may be gone by now; where there is only one, there is nothing to choose.
  useEffect(() => {
    if (!isKnown || (only && !value)) onChange(only);
  }, [isKnown, only, value, onChange]);

  if (error) return <LoadError error={error} onRetry={retry} />;
  if (!usable) return <Skeleton className="w-60" />;
  if (usable.length === 0) {
    return (
      <div role="status" className="grid max-w-prose justify-items-start gap-4">
        <ThreeLines
          size="compact"
          what={t("channel.none.what")}
          movement="none"
          money={t("channel.none.money")}
          next={t("channel.none.next")}
        />
        <ButtonLink href={paths.channels()}>{t("channel.none.go")}</ButtonLink>
      </div>
    );
  }
  return (
    <Place name="channelId">
      <Field label={t("field.channelId")} hint={t("channel.hint")} error={words} required>
        <Select
          label={t("field.channelId")}
          placeholder={t("channel.choose")}
          value={value}
          onChange={onChange}
          options={usable.map(({ id, name, environment }) => ({
            value: id as string,
            label: name,
            mark: <ProviderMark provider="alipay" />,
            note: environment === "live" ? undefined : ENVIRONMENT_LABEL[lang][environment],
          }))}
        />
      </Field>
    </Place>
  );
}
