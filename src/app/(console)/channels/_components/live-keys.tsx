"use client";

import { useState } from "react";
import { useFreshSignIn } from "~/components/fresh-sign-in";
import { CommandError } from "~/components/load-error";
import { Button } from "~/components/ui/button";
import { ConfirmDialog } from "~/components/ui/dialog";
import { IdText } from "~/components/ui/id";
import { cutMiddle } from "~/components/ui/id-text";
import { useT } from "~/i18n/use-t";
import { api } from "~/trpc/client";
import type { Detail } from "./channel-detail";
import { type Key, KeyMark } from "./key-mark";

/** The keys of a kind of which several are live at once, by their number; each can be revoked. */
export function LiveKeys({
  channel,
  kind,
  readOnly,
}: {
  channel: Detail;
  kind: "alipay_cert" | "verification_key";
  readOnly: string | null;
}) {
  const t = useT("channel");
  const utils = api.useUtils();
  const fresh = useFreshSignIn();
  const revoke = api.channel.revokeKey.useMutation({ onSuccess: () => utils.channel.invalidate() });
  const [asking, setAsking] = useState<Key | null>(null);
  const keys = channel.keys.filter((key) => key.kind === kind);
  if (keys.length === 0 || (kind === "alipay_cert" && keys.length === 1)) return null;
  const nameOf = (key: Key) => cutMiddle(key.keyId ?? key.id);
  return (
    <>
      <ul className="border-t border-line">
        {keys.map((key) => (
          <li key={key.id} className="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line py-1.5">
            <IdText value={key.keyId ?? key.id} thing={t("keyId")} />
            <KeyMark of={key} />
            <span className="grow" />
            <Button size="sm" variant="ghost" reason={readOnly} aria-label={`${t("revoke")} ${nameOf(key)}`} onClick={() => setAsking(key)}>
              {t("revoke")}…
            </Button>
          </li>
        ))}
      </ul>
      {revoke.error && <CommandError error={revoke.error} className="pt-3" />}
      <ConfirmDialog
        open={asking !== null}
        onClose={() => setAsking(null)}
        destructive
        title={asking && t("revokeTitle", { id: nameOf(asking) })}
        effects={[t("revokeEffect")]}
        final={t("revokeFinal")}
        verb={t("revoke")}
        onConfirm={() => {
          const key = asking;
          setAsking(null);
          // What went wrong is shown from the mutation's own state.
          if (key) fresh.guard(() => revoke.mutateAsync({ channelId: channel.id, keyId: key.id })).catch(() => {});
        }}
      />
      {fresh.dialog}
    </>
  );
}
