"use client";

import { useState } from "react";
import { useFreshSignIn } from "~/components/fresh-sign-in";
import { CommandError } from "~/components/load-error";
import { Button } from "~/components/ui/button";
import { useNow } from "~/components/ui/clock";
import { ConfirmDialog } from "~/components/ui/dialog";
import { Field } from "~/components/ui/field";
import { Fingerprint, IdText } from "~/components/ui/id";
import { Input } from "~/components/ui/input";
import { Segment } from "~/components/ui/tabs";
import { timeText } from "~/components/ui/time-text";
import { AddToken, type TokenSubjectKind } from "~/domain/channel";
import { useT } from "~/i18n/use-t";
import { api } from "~/trpc/client";
import type { Detail } from "./channel-detail";
import { useReason } from "./drafts";

type Token = Detail["tokens"][number];

/** app_auth_tokens: written here once, shown as fingerprints ever after. */
export function TokenList({ channel, readOnly }: { channel: Detail; readOnly: string | null }) {
  const t = useT("channel");
  const now = useNow(null);
  const utils = api.useUtils();
  const fresh = useFreshSignIn();
  const revoke = api.channel.tokenRevoke.useMutation({ onSuccess: () => utils.channel.invalidate() });
  const [asking, setAsking] = useState<Token | null>(null);
  return (
    <div className="grid gap-4">
      {channel.tokens.length === 0 && <p className="text-sm text-ink-3">{t("token.empty")}</p>}
      {channel.tokens.length > 0 && (
        <ul className="border-t border-line">
          {channel.tokens.map((token) => (
            <li key={token.id} className="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line py-1.5">
              <span className="text-ink-3">{t(`token.${token.subjectKind}`)}</span>
              <IdText whole value={token.subject} thing={t("token.subject")} />
              <Fingerprint sha256={token.fingerprint} since={token.createdAt} />
              {token.expiresAt && <span className="text-ink-3">{t("token.expires", { date: timeText(token.expiresAt, "day", now) })}</span>}
              <span className="grow" />
              <Button
                size="sm"
                variant="ghost"
                reason={readOnly}
                aria-label={`${t("revoke")} ${token.subject}`}
                onClick={() => setAsking(token)}
              >
                {t("revoke")}…
              </Button>
            </li>
          ))}
        </ul>
      )}
      {revoke.error && <CommandError error={revoke.error} />}
      <AddTokenForm channelId={channel.id} readOnly={readOnly} />
      <ConfirmDialog
        open={asking !== null}
        onClose={() => setAsking(null)}
        destructive
        title={asking && t("token.revokeTitle", { subject: asking.subject })}
        effects={[t("token.revokeEffect")]}
        verb={t("revoke")}
        onConfirm={() => {
          const token = asking;
          setAsking(null);
          // What went wrong is shown from the mutation's own state.
          if (token) fresh.guard(() => revoke.mutateAsync({ channelId: channel.id, tokenId: token.id })).catch(() => {});
        }}
      />
      {fresh.dialog}
    </div>
  );
}

function AddTokenForm({ channelId, readOnly }: { channelId: string; readOnly: string | null }) {
  const t = useT("channel");
  const words = useReason();
  const utils = api.useUtils();
  const fresh = useFreshSignIn();
  const add = api.channel.tokenAdd.useMutation({ onSuccess: () => utils.channel.invalidate() });
  const [open, setOpen] = useState(false);
  const [subjectKind, setSubjectKind] = useState<TokenSubjectKind>("enterprise");
  const [subject, setSubject] = useState("");
  const [token, setToken] = useState("");
  const [bad, setBad] = useState<readonly string[]>([]);
  const save = async () => {
    const parsed = AddToken.safeParse({ channelId, subjectKind, subject: subject.trim(), token: token.trim() });
    setBad(parsed.success ? [] : parsed.error.issues.map(({ path }) => String(path[0])));
    if (!parsed.success) return;
    const added = await fresh.guard(() => add.mutateAsync(parsed.data)).catch(() => null);
    if (!added) return;
    setOpen(false);
    setSubject("");
    setToken("");
  };
  if (!open) {
    return (
      <div>
        <Button size="sm" reason={readOnly} onClick={() => setOpen(true)}>
          {t("token.add")}
        </Button>
      </div>
    );
  }
  return (
    <div className="grid gap-4 border-l-2 border-line-strong pl-4">
      <Segment
        label={t("token.subjectKind")}
        value={subjectKind}
        onChange={setSubjectKind}
        choices={(["enterprise", "merchant"] as const).map((key) => ({ key, label: t(`token.${key}`) }))}
      />
      <Field label={t("token.subject")} error={bad.includes("subject") ? words("malformed") : undefined}>
        <Input mono value={subject} onChange={(event) => setSubject(event.target.value)} />
      </Field>
      <Field label={t("token.token")} error={bad.includes("token") ? words("malformed") : undefined}>
        <Input mono autoComplete="off" spellCheck={false} value={token} onChange={(event) => setToken(event.target.value)} />
      </Field>
      {add.error && <CommandError error={add.error} />}
      <div>
        <Button busy={add.isPending} busyLabel={t("saving")} onClick={save}>
          {t("token.add")}
        </Button>
      </div>
      {fresh.dialog}
    </div>
  );
}
