"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { EnvironmentChip } from "~/components/environment";
import { LoadError } from "~/components/load-error";
import { ProviderMark } from "~/components/provider-mark";
import { MethodName } from "~/components/provider-name";
import { StatusChip } from "~/components/status-chip";
import { Chip } from "~/components/ui/chip";
import { FormFrame, FormSection } from "~/components/ui/form-frame";
import { IdText } from "~/components/ui/id";
import { PageHead } from "~/components/ui/page-head";
import { Skeleton } from "~/components/ui/states";
import { useT } from "~/i18n/use-t";
import { paths } from "~/lib/paths";
import { api, type RouterOutputs } from "~/trpc/client";
import { Addresses } from "./addresses";
import { BasicForm } from "./basic-form";
import { ChannelActions } from "./channel-block";
import { DoctorPanel } from "./doctor-panel";
import { FormerKeys } from "./former-keys";
import { KeysForm } from "./keys-form";
import { TokenList } from "./token-list";

export type Detail = RouterOutputs["channel"]["get"];

export function ChannelDetail({ channelId, mayWrite }: { channelId: string; mayWrite: boolean }) {
  const t = useT("channel");
  const router = useRouter();
  const query = api.channel.get.useQuery({ channelId });
  const trail = (
    <Link prefetch={false} href={paths.channels()}>
      {t("title")}
    </Link>
  );
  if (query.isError && !query.data) {
    return (
      <>
        <PageHead title={t("title")} />
        <LoadError error={query.error} onRetry={() => query.refetch()} />
      </>
    );
  }
  if (!query.data) {
    return (
      <>
        <PageHead trail={trail} title={<Skeleton className="w-40" />} />
        <div className="grid gap-4 border-t border-line px-gutter py-5">
          <Skeleton className="w-96 max-w-full" />
          <Skeleton className="w-80 max-w-full" />
        </div>
      </>
    );
  }
  const channel = query.data;
  const readOnly = mayWrite ? null : t("readOnly");
  return (
    <>
      <PageHead trail={trail} title={channel.name} meta={<IdText value={channel.id} thing={t("keyId")} />} />
      <div className="px-gutter pb-4">
        <ChannelActions prominent channel={channel} mayWrite={mayWrite} onDeleted={() => router.push(paths.channels())}>
          <ProviderMark provider={channel.provider} />
          <EnvironmentChip environment={channel.environment} />
          {channel.isDefault && <Chip>{t("default")}</Chip>}
          <StatusChip of="channel" status={channel.status} />
        </ChannelActions>
      </div>
      <FormFrame aside={<DoctorPanel channelId={channel.id} provider={channel.provider} readOnly={readOnly} />}>
        <FormSection title={t("section.basic")}>
          <BasicForm key={channel.updatedAt.getTime()} channel={channel} readOnly={readOnly} />
        </FormSection>
        <FormSection title={t("section.keys")}>
          <KeysForm channel={channel} readOnly={readOnly} />
        </FormSection>
        <FormSection title={t("section.addresses")}>
          <Addresses provider={channel.provider} urls={channel.notifyUrls} />
        </FormSection>
        <FormSection title={t("section.abilities")}>
          <div className="flex flex-wrap gap-x-4 gap-y-2">
            {channel.methods.map((method) => (
              <MethodName key={method} method={method} />
            ))}
          </div>
        </FormSection>
        {channel.provider === "alipay" && (
          <FormSection title={t("section.tokens")}>
            <TokenList channel={channel} readOnly={readOnly} />
          </FormSection>
        )}
        {channel.formerKeys.length > 0 && (
          <FormSection title={t("section.former")}>
            <FormerKeys channel={channel} />
          </FormSection>
        )}
      </FormFrame>
    </>
  );
}
