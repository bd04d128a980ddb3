"use client";

import { CircleAlert } from "lucide-react";
import { useEffect, useRef } from "react";
import { useFormContext } from "react-hook-form";
import { useT } from "~/i18n/use-t";
import { focusField } from "./fields";
import { useReason } from "./use-reason";
import { emptyValues, type FieldName, type FormValues } from "./values";

/** In the order of the page. */
const ORDER = Object.keys(emptyValues()) as FieldName[];

/** After a press that could not be sent: what has to be mended, each line leading to its field. It takes the focus each time. */
export function ErrorSummary({ refusals }: { refusals: number }) {
  const t = useT("facetofaceForm");
  const say = useReason();
  const { errors } = useFormContext<FormValues>().formState;
  const box = useRef<HTMLDivElement>(null);
  const wrong = ORDER.filter((name) => errors[name]);
  const ledFor = useRef(0);
  // Once for each press, as soon as there is something to show; not while it is being mended.
  useEffect(() => {
    if (!box.current || ledFor.current === refusals) return;
    ledFor.current = refusals;
    box.current.focus();
  });
  if (refusals === 0 || wrong.length === 0) return null;
  return (
    <div
      ref={box}
      role="alert"
      aria-label={t("summary.title", { count: wrong.length })}
      tabIndex={-1}
      className="mx-gutter my-4 grid gap-2 rounded-lg bg-danger-soft p-4 text-sm text-danger inset-ring inset-ring-danger-line"
    >
      <p className="flex gap-2 font-medium">
        <CircleAlert aria-hidden className="mt-0.5 size-4 flex-none" />
        {t("summary.title", { count: wrong.length })}
      </p>
      <ul className="grid gap-1 pl-6">
        {wrong.map((name) => (
          <li key={name}>
            <button
              type="button"
              onClick={() => focusField(name)}
              className="min-h-7 text-left underline underline-offset-2 max-md:min-h-11"
            >
              {t(`field.${name}`)}
              {t("summary.colon")}
              {say(name, errors[name]?.type as string)}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
