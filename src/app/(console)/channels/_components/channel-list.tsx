"use client";

import { Plus } from "lucide-react";
import { LoadError } from "~/components/load-error";
import { Button } from "~/components/ui/button";
import { ButtonLink } from "~/components/ui/button-link";
import { useNow } from "~/components/ui/clock";
import { FIRST_PAGE } from "~/components/ui/first-page";
import { PageHead } from "~/components/ui/page-head";
import { usePager } from "~/components/ui/pager";
import { Banner, EmptyState, Skeleton } from "~/components/ui/states";
import { TableFoot } from "~/components/ui/table-tools";
import { useUrlState } from "~/components/ui/url-state";
import { expiryOf } from "~/domain/channel-check";
import { PROVIDER_LABEL, PROVIDERS } from "~/domain/provider";
import { useLang, useT } from "~/i18n/use-t";
import { paths } from "~/lib/paths";
import { api, type RouterOutputs } from "~/trpc/client";
import { ChannelBlock } from "./channel-block";
import { useKindName } from "./kind-name";

const LIMIT = 20;

export type Channel = RouterOutputs["channel"]["list"]["items"][number];

export function ChannelList({ mayWrite }: { mayWrite: boolean }) {
  const t = useT("channel");
  const [state, set] = useUrlState(FIRST_PAGE);
  const query = api.channel.list.useQuery({ limit: LIMIT, cursor: state.after || undefined });
  const channels = query.data?.items;
  const pager = usePager({ state, set, limit: LIMIT, count: channels?.length, nextCursor: query.data?.nextCursor });
  return (
    <>
      {channels
        ?.filter(({ status }) => status === "enabled")
        .map((channel) => (
          <ExpiryBanner key={channel.id} channel={channel} />
        ))}
      <PageHead title={t("title")}>
        <AddButton mayWrite={mayWrite} />
      </PageHead>
      {query.isError && !channels && <LoadError error={query.error} onRetry={() => query.refetch()} />}
      {query.isPending && <Loading />}
      {channels?.length === 0 && <FirstUse mayWrite={mayWrite} />}
      {channels && channels.length > 0 && (
        <ul className="border-b border-line">
          {channels.map((channel) => (
            <ChannelBlock key={channel.id} channel={channel} mayWrite={mayWrite} />
          ))}
        </ul>
      )}
      {(pager.onPrev || pager.onNext) && (
        <TableFoot range={pager.range && t("range", pager.range)} onPrev={pager.onPrev} onNext={pager.onNext} />
      )}
    </>
  );
}

function AddButton({ mayWrite }: { mayWrite: boolean }) {
  const t = useT("channel");
  if (!mayWrite)
    return (
      <Button variant="primary" icon={<Plus />} reason={t("readOnly")}>
        {t("add")}
      </Button>
    );
  return (
    <ButtonLink variant="primary" icon={<Plus />} href={paths.newChannel()}>
      {t("add")}
    </ButtonLink>
  );
}

function FirstUse({ mayWrite }: { mayWrite: boolean }) {
  const t = useT("channel");
  const lang = useLang();
  return (
    <EmptyState
      action={
        mayWrite &&
        PROVIDERS.map((provider) => (
          <ButtonLink key={provider} href={paths.newChannel(provider)}>
            {t("addProvider", { provider: PROVIDER_LABEL[lang][provider] })}
          </ButtonLink>
        ))
      }
    >
      {t("empty")}
    </EmptyState>
  );
}

/** The certificate of a channel in use that ends first, when that is soon. */
function ExpiryBanner({ channel }: { channel: Channel }) {
  const t = useT("channel");
  const now = useNow(null);
  const kindName = useKindName();
  const [first] = channel.keys
    // A channel may hold an old platform certificate beside its successor; what is verified by other keys does not end with it.
    .filter(({ kind, notAfter }) => notAfter && kind !== "verification_key")
    .sort((a, b) => Number(a.notAfter) - Number(b.notAfter));
  if (!first?.notAfter) return null;
  const { daysLeft, tone } = expiryOf(first.notAfter, now);
  if (tone === "quiet") return null;
  const words = { name: channel.name, key: kindName(first.kind, channel.provider), days: daysLeft };
  return (
    <Banner
      tone={tone}
      action={
        <ButtonLink size="sm" variant="ghost" href={paths.channel(channel.id)}>
          {t("replaceKey")}
        </ButtonLink>
      }
    >
      {daysLeft >= 0 ? t("expiringBanner", words) : t("expiredBanner", words)}
    </Banner>
  );
}

function Loading() {
  return (
    <div aria-hidden>
      {[0, 1].map((row) => (
        <div key={row} className="grid gap-3 border-t border-line px-gutter py-5">
          <Skeleton className="w-48" />
          <Skeleton className="w-96 max-w-full" />
          <Skeleton className="w-72 max-w-full" />
        </div>
      ))}
    </div>
  );
}
