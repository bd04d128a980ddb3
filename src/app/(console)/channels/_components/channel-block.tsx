"use client";

import Link from "next/link";
import { type ReactNode, useState } from "react";
import { EnvironmentChip } from "~/components/environment";
import { useFreshSignIn } from "~/components/fresh-sign-in";
import { CommandError } from "~/components/load-error";
import { ProviderMark } from "~/components/provider-mark";
import { MethodName } from "~/components/provider-name";
import { StatusChip } from "~/components/status-chip";
import { Button } from "~/components/ui/button";
import { Chip } from "~/components/ui/chip";
import { CopyButton } from "~/components/ui/copy-button";
import { ConfirmDialog } from "~/components/ui/dialog";
import { IdText } from "~/components/ui/id";
import { MenuItem, MoreMenu } from "~/components/ui/menu";
import { Time } from "~/components/ui/time";
import { toast } from "~/components/ui/toast";
import { useT } from "~/i18n/use-t";
import { paths } from "~/lib/paths";
import { api } from "~/trpc/client";
import type { Channel } from "./channel-list";
import { EnableError } from "./enable-error";
import { KeyMark } from "./key-mark";
import { useKindName } from "./kind-name";

/** One channel: who it is, how it stands, its keys with their days, and where news comes in. */
export function ChannelBlock({ channel, mayWrite }: { channel: Channel; mayWrite: boolean }) {
  const t = useT("channel");
  const kindName = useKindName();
  return (
    <li className="grid gap-3 border-t border-line px-gutter py-4">
      <ChannelHead channel={channel} mayWrite={mayWrite} />
      <dl className="grid grid-cols-[96px_1fr] gap-x-3 gap-y-2 lg:grid-cols-[96px_minmax(0,1fr)_96px_minmax(0,1.4fr)]">
        <Row label={t(`field.appId.${channel.provider}`)}>
          <IdText whole value={channel.appId} thing={t(`field.appId.${channel.provider}`)} />
        </Row>
        <Row label={t(`field.sellerId.${channel.provider}`)}>
          <IdText whole value={channel.sellerId} thing={t(`field.sellerId.${channel.provider}`)} />
        </Row>
        <Row label={t("methods")}>
          <span className="flex flex-wrap gap-x-3 gap-y-1">
            {channel.methods.map((method) => (
              <MethodName key={method} method={method} short />
            ))}
          </span>
        </Row>
        <Row label={t("lastSuccess")}>
          {channel.lastSuccessAt ? <Time at={channel.lastSuccessAt} /> : <span className="text-ink-3">{t("never")}</span>}
        </Row>
        <Row label={t("notifyUrl")}>
          <span className="flex min-w-0 items-center gap-1">
            <span className="code min-w-0 truncate" data-tip={channel.notifyUrls.trade}>
              {channel.notifyUrls.trade}
            </span>
            <CopyButton text={channel.notifyUrls.trade} thing={t("notifyUrl")} />
          </span>
        </Row>
        <Row label={t("keys")} tall>
          <ul className="grid gap-1.5">
            {channel.keys.map((key) => (
              <li key={key.id} className="flex flex-wrap items-center gap-x-2 gap-y-1">
                <span className="text-xs text-ink-3">{kindName(key.kind, channel.provider)}</span>
                <KeyMark of={key} />
              </li>
            ))}
          </ul>
        </Row>
      </dl>
    </li>
  );
}

/** On a wide sheet the keys stand beside the other facts and may take all their rows. */
function Row({ label, tall, children }: { label: string; tall?: boolean; children: ReactNode }) {
  const place = tall ? "lg:col-start-3 lg:row-span-5 lg:row-start-1" : "";
  const value = tall ? "lg:col-start-4 lg:row-span-5 lg:row-start-1" : "";
  return (
    <>
      <dt className={`text-ink-3 ${place}`}>{label}</dt>
      <dd className={`min-w-0 ${value}`}>{children}</dd>
    </>
  );
}

function ChannelHead({ channel, mayWrite }: { channel: Channel; mayWrite: boolean }) {
  const t = useT("channel");
  return (
    <ChannelActions channel={channel} mayWrite={mayWrite}>
      <ProviderMark provider={channel.provider} />
      <Link
        prefetch={false}
        href={paths.channel(channel.id)}
        data-tip={channel.name}
        className="min-w-0 truncate text-md font-strong hover:text-accent-ink"
      >
        {channel.name}
      </Link>
      <EnvironmentChip environment={channel.environment} />
      {channel.isDefault && <Chip>{t("default")}</Chip>}
      <StatusChip of="channel" status={channel.status} />
    </ChannelActions>
  );
}

/** 启用, 停用, 设为默认, 删除: the same on the list and on the channel's page. */
export function ChannelActions({
  channel,
  mayWrite,
  onDeleted,
  prominent,
  children,
}: {
  channel: Pick<Channel, "id" | "name" | "status" | "isDefault">;
  mayWrite: boolean;
  onDeleted?: () => void;
  /** On the page of its own, enabling is what one came for. */
  prominent?: boolean;
  children?: ReactNode;
}) {
  const t = useT("channel");
  const utils = api.useUtils();
  const fresh = useFreshSignIn();
  const [asking, setAsking] = useState<"disable" | "delete" | null>(null);
  const onSettled = () => utils.channel.invalidate();
  const enable = api.channel.enable.useMutation({ onSettled, onSuccess: () => toast(t("enabled", { name: channel.name })) });
  const disable = api.channel.disable.useMutation({ onSettled });
  const setDefault = api.channel.setDefault.useMutation({ onSettled });
  const remove = api.channel.delete.useMutation({ onSettled: onDeleted ? undefined : onSettled, onSuccess: onDeleted });
  const input = { channelId: channel.id };
  const reason = mayWrite ? null : t("readOnly");
  const error = enable.error ?? disable.error ?? setDefault.error ?? remove.error;
  const run = (command: () => Promise<unknown>) => {
    for (const one of [enable, disable, setDefault, remove]) one.reset();
    // What went wrong is shown from the mutation's own state.
    fresh.guard(command).catch(() => {});
  };
  return (
    <div className="grid gap-3">
      <div className="flex min-h-8 flex-wrap items-center gap-2">
        {children}
        <span className="ml-auto flex flex-none items-center gap-1">
          {channel.status === "enabled" ? (
            <Button size="sm" reason={reason} busy={disable.isPending} busyLabel={t("disabling")} onClick={() => setAsking("disable")}>
              {t("disable")}
            </Button>
          ) : (
            <Button
              size={prominent ? "md" : "sm"}
              variant={prominent ? "primary" : "default"}
              reason={reason}
              busy={enable.isPending}
              busyLabel={t("enabling")}
              onClick={() => run(() => enable.mutateAsync(input))}
            >
              {t("enable")}
            </Button>
          )}
          <MoreMenu name={channel.name}>
            <MenuItem reason={reason ?? (channel.isDefault && t("isDefault"))} onSelect={() => run(() => setDefault.mutateAsync(input))}>
              {t("setDefault")}
            </MenuItem>
            <MenuItem destructive reason={reason} onSelect={() => setAsking("delete")}>
              {t("delete")}…
            </MenuItem>
          </MoreMenu>
        </span>
      </div>
      {enable.error ? <EnableError error={enable.error} /> : error && <CommandError error={error} />}
      <ConfirmDialog
        open={asking === "disable"}
        onClose={() => setAsking(null)}
        title={t("disableTitle", { name: channel.name })}
        effects={[t("disableEffect.new"), t("disableEffect.late")]}
        verb={t("disable")}
        onConfirm={() => {
          setAsking(null);
          run(() => disable.mutateAsync(input));
        }}
      />
      <ConfirmDialog
        open={asking === "delete"}
        onClose={() => setAsking(null)}
        destructive
        title={t("deleteTitle", { name: channel.name })}
        effects={[t("deleteEffect.new"), t("deleteEffect.late")]}
        final={t("deleteFinal")}
        verb={t("delete")}
        onConfirm={() => {
          setAsking(null);
          run(() => remove.mutateAsync(input));
        }}
      />
      {fresh.dialog}
    </div>
  );
}
