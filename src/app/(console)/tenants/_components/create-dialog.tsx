"use client";

import { useEffect, useState } from "react";
import { storyOf } from "~/components/app-error";
import { useFreshSignIn } from "~/components/fresh-sign-in";
import { LinkToCopy } from "~/components/link-to-copy";
import { CommandError } from "~/components/load-error";
import { Button } from "~/components/ui/button";
import { ConfirmDialog, Dialog } from "~/components/ui/dialog";
import { Field } from "~/components/ui/field";
import { Input } from "~/components/ui/input";
import { CreateTenant } from "~/domain/member";
import { useT } from "~/i18n/use-t";
import { api } from "~/trpc/client";

const EMPTY = { name: "", slug: "", ownerEmail: "" };
type FormField = keyof typeof EMPTY;

/** Asks for names and the owner's address, then shows the owner's link once, to copy. */
export function CreateDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const t = useT("tenant");
  const utils = api.useUtils();
  const [form, setForm] = useState(EMPTY);
  const [wrong, setWrong] = useState<ReadonlySet<FormField>>(new Set());
  const fresh = useFreshSignIn();
  const create = api.tenant.create.useMutation({ onSuccess: () => utils.tenant.list.invalidate() });
  // biome-ignore lint/correctness/useExhaustiveDependencies: each opening begins empty
  useEffect(() => {
    if (!open) return;
    setForm(EMPTY);
    setWrong(new Set());
    create.reset();
  }, [open]);

  const link = create.data?.invitation.url;
  if (link) {
    return (
      <Dialog
        open={open}
        onClose={onClose}
        title={t("created")}
        actions={
          <Button size="form" variant="primary" onClick={onClose}>
            {t("done")}
          </Button>
        }
      >
        <div className="grid gap-4">
          <p>{t("createdText", { email: form.ownerEmail, name: form.name })}</p>
          <LinkToCopy link={link} label={t("link")} />
        </div>
      </Dialog>
    );
  }

  const taken = create.error && storyOf(create.error, { reading: false }).details.field === "slug";
  const field = (name: FormField) => ({
    value: form[name],
    onChange: (event: { target: { value: string } }) => setForm({ ...form, [name]: event.target.value }),
  });
  const send = () => {
    const parsed = CreateTenant.safeParse({ ...form, ownerEmail: form.ownerEmail.trim() });
    setWrong(new Set(parsed.error?.issues.map((issue) => issue.path[0] as FormField)));
    if (parsed.success) fresh.guard(() => create.mutateAsync(parsed.data)).catch(() => {});
  };
  return (
    <>
      <ConfirmDialog
        open={open && !fresh.asking}
        onClose={onClose}
        title={t("createTitle")}
        verb={t("createVerb")}
        busyVerb={t("creating")}
        busy={create.isPending}
        onConfirm={send}
      >
        <Field label={t("name")} error={wrong.has("name") && t("nameMissing")}>
          <Input {...field("name")} />
        </Field>
        <Field label={t("slug")} hint={t("slugHint")} error={wrong.has("slug") ? t("slugBad") : taken && t("slugTaken")}>
          <Input mono autoCapitalize="none" spellCheck={false} {...field("slug")} />
        </Field>
        <Field label={t("owner")} hint={t("ownerHint")} error={wrong.has("ownerEmail") && t("ownerBad")}>
          <Input type="email" autoComplete="off" {...field("ownerEmail")} />
        </Field>
        {!taken && <CommandError error={create.error} />}
      </ConfirmDialog>
      {fresh.dialog}
    </>
  );
}
