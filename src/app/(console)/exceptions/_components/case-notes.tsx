"use client";

import { useState } from "react";
import { CommandError } from "~/components/load-error";
import { Button } from "~/components/ui/button";
import { Field } from "~/components/ui/field";
import { Textarea } from "~/components/ui/input";
import { Time } from "~/components/ui/time";
import { useT } from "~/i18n/use-t";
import { api } from "~/trpc/client";
import type { Rights } from "../../_components/rights";
import { useDeskReason } from "./case-actions";
import type { CaseDetail } from "./case-pane";

const NOTE_MAX = 1_000;

/** 备注: what people know or did. They stay for ever, and may still be added once the case has ended. */
export function CaseNotes({ detail: { case: one, notes }, rights }: { detail: CaseDetail; rights: Rights }) {
  const t = useT("exception");
  const [text, setText] = useState("");
  const utils = api.useUtils();
  const add = api.exception.note.useMutation({
    onSuccess: () => setText(""),
    onSettled: () => utils.exception.get.invalidate({ caseId: one.id }),
  });
  const reason = useDeskReason()(rights, false) ?? (text.trim() === "" ? t("action.noteMissing") : null);
  return (
    <section className="grid gap-3">
      <h3 className="text-sm font-strong">{t("notes.title")}</h3>
      {notes.length === 0 && <p className="text-ink-3">{t("notes.none")}</p>}
      <ol className="grid gap-2.5">
        {notes.map((note) => (
          <li key={note.id} className="max-w-prose border-l-2 border-line-strong pl-3">
            <p className="text-md break-words whitespace-pre-wrap">{note.text}</p>
            <p className="text-xs text-ink-3">
              {note.authorName ?? t("actor.someone")} · <Time at={note.createdAt} kind="list" />
            </p>
          </li>
        ))}
      </ol>
      <form
        className="grid max-w-prose justify-items-start gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (!reason) add.mutate({ caseId: one.id, text: text.trim() });
        }}
      >
        <Field label={t("notes.label")} className="w-full">
          <Textarea rows={2} value={text} maxLength={NOTE_MAX} onChange={(event) => setText(event.target.value)} />
        </Field>
        <Button type="submit" busy={add.isPending} busyLabel={t("action.noting")} reason={reason}>
          {t("action.note")}
        </Button>
        <CommandError error={add.error} />
      </form>
    </section>
  );
}
