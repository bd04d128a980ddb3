"use client";

import { useEffect, useState } from "react";
import { type DefaultValues, type FieldError, type FieldValues, useForm } from "react-hook-form";
import type { z } from "zod";
import { useT } from "~/i18n/use-t";

/**
 * A form checked by the same schema that the procedure reads, when a field is left and then as it is mended. The schema and its
 * library come after the page: nobody has filled in anything before. If they cannot be loaded, neither can the page.
 */
export function useZodForm<Output extends FieldValues, Input extends FieldValues>(
  load: () => Promise<z.ZodType<Output, Input>>,
  defaultValues: DefaultValues<Input>,
) {
  const [loading] = useState(() => lazily(() => resolverOf(load)));
  const [, fail] = useState<null>(null);
  useEffect(() => {
    loading().catch((error: unknown) =>
      fail(() => {
        throw error;
      }),
    );
  }, [loading]);
  return useForm<Input, unknown, Output>({
    resolver: async (values, context, options) => (await loading())(values, context, options),
    defaultValues,
    mode: "onTouched",
  });
}

async function resolverOf<Output extends FieldValues, Input extends FieldValues>(load: () => Promise<z.ZodType<Output, Input>>) {
  const [{ zodResolver }, schema] = await Promise.all([import("@hookform/resolvers/zod"), load()]);
  return zodResolver(schema);
}

function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
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
