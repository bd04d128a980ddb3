"use client";

import { CircleAlert } from "lucide-react";
import { createContext, type ReactNode, useContext, useId } from "react";
import { useT } from "~/i18n/use-t";
import { cn } from "./cn";

type FieldIds = { id: string; describedBy?: string; invalid: boolean; required?: boolean };
const FieldContext = createContext<FieldIds | null>(null);

type FieldProps = {
  label: ReactNode;
  hint?: ReactNode;
  /** In place of the hint, in danger. */
  error?: ReactNode;
  required?: boolean;
  /** Marks a field that may stay empty where most others must be filled. */
  optional?: boolean;
  children: ReactNode;
  className?: string;
};

/** Label above, control, hint or error below. The control inside finds its id and its description by itself. */
export function Field({ label, hint, error, required, optional, children, className }: FieldProps) {
  const t = useT("common");
  const id = useId();
  const noteId = `${id}-note`;
  const note = error || hint;
  return (
    <FieldContext value={{ id, describedBy: note ? noteId : undefined, invalid: Boolean(error), required }}>
      <div className={cn("grid gap-1", className)}>
        <label htmlFor={id} className="text-sm font-medium">
          {label}
          {optional && <span className="ml-1.5 font-normal text-ink-3">{t("optional")}</span>}
        </label>
        {children}
        {note && (
          <p
            id={noteId}
            role={error ? "alert" : undefined}
            className={cn("flex gap-1.5 text-xs leading-[18px]", error ? "text-danger" : "text-ink-3")}
          >
            {error && <CircleAlert aria-hidden className="mt-0.5 size-3.5" />}
            <span>{note}</span>
          </p>
        )}
      </div>
    </FieldContext>
  );
}

/** What a control inside a `Field` puts on its element. Outside one it is empty, and the control needs its own label. */
export function useFieldControl() {
  const field = useContext(FieldContext);
  if (!field) return {};
  return {
    id: field.id,
    "aria-describedby": field.describedBy,
    "aria-invalid": field.invalid || undefined,
    "aria-required": field.required || undefined,
  };
}
