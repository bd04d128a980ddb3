"use client";

import type { ComponentProps, ReactNode } from "react";
import { useFormContext } from "react-hook-form";
import { Field } from "~/components/ui/field";
import { Input, Textarea } from "~/components/ui/input";
import { useT } from "~/i18n/use-t";
import { useReason } from "./use-reason";
import type { FieldName, FormValues } from "./values";

/** Where a field stands, so that the summary of what has to be mended can lead there. */
export const Place = ({ name, children, className }: { name: FieldName; children: ReactNode; className?: string }) => (
  <div data-field={name} className={className}>
    {children}
  </div>
);

/** Leads to the control of a field, opening what hides it. */
export function focusField(name: FieldName): void {
  const place = document.querySelector(`[data-field="${name}"]`);
  const folded = place?.closest("details");
  if (folded) folded.open = true;
  const control = place?.querySelector<HTMLElement>("input:not([type=file]), button, textarea");
  control?.scrollIntoView({ block: "center" });
  control?.focus({ preventScroll: true });
}

/** What is wrong with a field, in words. */
export function useFieldWords(name: FieldName): string | undefined {
  const say = useReason();
  const { errors } = useFormContext<FormValues>().formState;
  return say(name, errors[name]?.type as string | undefined);
}

type TextName = Exclude<FieldName, "pictures" | "signAndAuth" | "licenseLongTerm" | "longitude" | "latitude">;
type TextFieldProps = Omit<ComponentProps<typeof Input>, "name"> & {
  name: TextName;
  hint?: ReactNode;
  optional?: boolean;
};

/** One line. Nothing is filled in by the browser: it would be its owner's data, not the merchant's. */
export function TextField({ name, hint, optional, required, ...input }: TextFieldProps) {
  const t = useT("facetofaceForm");
  const { register } = useFormContext<FormValues>();
  return (
    <Place name={name}>
      <Field label={t(`field.${name}`)} hint={hint} error={useFieldWords(name)} required={required} optional={optional}>
        <Input autoComplete="off" {...input} {...register(name)} />
      </Field>
    </Place>
  );
}

export function TextareaField({
  name,
  hint,
  ...input
}: Omit<ComponentProps<typeof Textarea>, "name"> & { name: TextName; hint?: ReactNode }) {
  const t = useT("facetofaceForm");
  const { register } = useFormContext<FormValues>();
  return (
    <Place name={name}>
      <Field label={t(`field.${name}`)} hint={hint} error={useFieldWords(name)} optional>
        <Textarea rows={3} {...input} {...register(name)} />
      </Field>
    </Place>
  );
}
