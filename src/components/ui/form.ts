"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { type DefaultValues, type FieldError, type FieldValues, useForm } from "react-hook-form";
import type { z } from "zod";
import { useT } from "~/i18n/use-t";

/** A form checked by the same schema that the procedure reads, when a field is left and then as it is mended. */
export function useZodForm<Output extends FieldValues, Input extends FieldValues>(
  schema: z.ZodType<Output, Input>,
  defaultValues: DefaultValues<Input>,
) {
  return useForm<Input, unknown, Output>({ resolver: zodResolver(schema), defaultValues, mode: "onTouched" });
}

type ErrorLike = Pick<FieldError, "type" | "message"> | undefined;

/**
 * Words for a field's error: `words` first (by zod's issue code or by the schema's own message), else a plain sentence for the code.
 * Undefined while there is no error, so that the hint stays.
 */
export function useFieldError() {
  const t = useT("common");
  return (error: ErrorLike, words: Readonly<Record<string, string>> = {}): string | undefined => {
    if (!error) return undefined;
    const own = (error.message && words[error.message]) || words[String(error.type)];
    if (own) return own;
    switch (error.type) {
      case "too_small":
        return t("field.tooSmall");
      case "too_big":
        return t("field.tooBig");
      case "invalid_type":
        return t("field.missing");
      default:
        return t("field.invalid");
    }
  };
}
