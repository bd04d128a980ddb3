"use client";

import { type ReactNode, useEffect, useState } from "react";
import { FormProvider } from "react-hook-form";
import { CommandError } from "~/components/load-error";
import { Button } from "~/components/ui/button";
import { FormFrame, FormSection } from "~/components/ui/form-frame";
import { useT } from "~/i18n/use-t";
import { ChannelField } from "./channel-field";
import { ErrorSummary } from "./error-summary";
import { TextareaField, TextField } from "./fields";
import { LicenceFields } from "./licence-fields";
import { NextSteps } from "./next-steps";
import { PictureFields } from "./picture-fields";
import { ShopFields } from "./shop-fields";
import { type Check, useApplicationForm } from "./use-application-form";
import { useLeaveGuard } from "./use-leave-guard";
import type { FormValues } from "./values";

type ApplicationFormProps<Input> = {
  start: FormValues;
  check: Check<Input>;
  send: (input: Input) => Promise<void>;
  /** Hears of every change. */
  onValues?: (values: FormValues) => void;
  /** What a correction cannot change, in place of the fields. */
  fixed?: { channel: ReactNode; account: ReactNode };
  /** Why it may not be sent at all. */
  reason?: string | null;
  /** Above the first section. */
  children?: ReactNode;
  /** In place of three lines, for a refusal that these pages know more about. */
  explain?: (error: unknown) => ReactNode;
  verb: string;
  busyVerb: string;
};

/** The application in the order in which a person has the papers at hand. */
export function ApplicationForm<Input>(props: ApplicationFormProps<Input>) {
  const { start, check, send, onValues, fixed, reason, children, explain, verb, busyVerb } = props;
  const t = useT("facetofaceForm");
  const { form, submit, busy, sent, error, clearError, refusals } = useApplicationForm({ start, check, send });
  const [uploading, setUploading] = useState(0);
  const leaving = useLeaveGuard((form.formState.isDirty || uploading > 0) && !sent);
  useEffect(() => {
    if (!onValues) return;
    return form.subscribe({ formState: { values: true }, callback: ({ values }) => onValues(values) });
  }, [form, onValues]);
  return (
    <FormProvider {...form}>
      <FormFrame aside={<NextSteps />}>
        {children}
        <form noValidate aria-label={t("form")} onSubmit={(event) => void submit(event)} onChange={clearError}>
          <ErrorSummary refusals={refusals} />
          <FormSection title={t("section.channel")}>{fixed ? <p className="text-sm">{fixed.channel}</p> : <ChannelField />}</FormSection>
          <FormSection title={t("section.merchant")}>
            <div className="grid gap-5">
              <TextField name="merchantName" hint={t("merchant.nameHint")} maxLength={128} required />
              {fixed ? (
                <div className="grid gap-1 text-sm">
                  <p className="font-medium">{t("field.account")}</p>
                  <p>{fixed.account}</p>
                  <p className="text-xs text-ink-3">{t("merchant.accountFixed")}</p>
                </div>
              ) : (
                <TextField name="account" hint={t("merchant.accountHint")} maxLength={100} spellCheck={false} required />
              )}
              <div className="grid gap-5 md:grid-cols-2 md:gap-3">
                <TextField name="contactName" maxLength={20} required />
                <TextField name="contactMobile" inputMode="tel" maxLength={20} hint={t("merchant.mobileHint")} required />
              </div>
              <TextField name="contactEmail" inputMode="email" maxLength={128} spellCheck={false} optional />
            </div>
          </FormSection>
          <FormSection title={t("section.shop")}>
            <ShopFields />
          </FormSection>
          <FormSection title={t("section.licence")} note={t("licence.note")}>
            <LicenceFields />
          </FormSection>
          <FormSection title={t("section.pictures")}>
            <PictureFields onBusy={setUploading} />
          </FormSection>
          <FormSection title={t("section.remark")}>
            <TextareaField name="remark" hint={t("remark.hint")} maxLength={500} />
          </FormSection>
          {!fixed && (
            <details className="border-b border-line px-gutter py-4">
              <summary className="cursor-pointer text-sm font-strong max-md:min-h-11">{t("section.advanced")}</summary>
              <div className="pt-4">
                <TextField name="orderTicket" hint={t("ticket.hint")} mono maxLength={200} spellCheck={false} optional />
              </div>
            </details>
          )}
          <div className="grid justify-items-start gap-4 px-gutter py-5">
            {error ? (explain?.(error) ?? <CommandError error={error} noMoney />) : null}
            <Button
              type="submit"
              size="form"
              variant="primary"
              busy={busy}
              busyLabel={busyVerb}
              reason={reason ?? (uploading > 0 ? t("pictures.wait") : null)}
            >
              {verb}
            </Button>
          </div>
        </form>
      </FormFrame>
      {leaving}
    </FormProvider>
  );
}
