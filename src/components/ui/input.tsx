"use client";

import { type ComponentProps, type ReactNode, useState } from "react";
import { useT } from "~/i18n/use-t";
import { Button } from "./button";
import { cn } from "./cn";
import { useFieldControl } from "./field";

export const inputStyle =
  "h-8 w-full min-w-0 rounded-md bg-surface px-2.5 text-sm text-ink inset-ring inset-ring-control-line placeholder:text-ink-3 aria-invalid:inset-ring-danger disabled:bg-sunken disabled:text-ink-off [&[readonly]]:bg-sunken max-md:h-11 max-md:text-lg";

type InputProps = ComponentProps<"input"> & {
  /** Keys and ids. */
  mono?: boolean;
};

export function Input({ mono, className, ...rest }: InputProps) {
  const control = useFieldControl();
  return <input {...control} {...rest} className={cn(inputStyle, mono && "font-code text-xs", className)} />;
}

export function Textarea({ mono, className, ...rest }: ComponentProps<"textarea"> & { mono?: boolean }) {
  const control = useFieldControl();
  return (
    <textarea
      rows={4}
      {...control}
      {...rest}
      className={cn(inputStyle, "h-auto resize-y py-1.5 max-md:h-auto", mono && "font-code text-xs leading-5", className)}
    />
  );
}

export function PasswordInput({ className, ...rest }: Omit<InputProps, "type">) {
  const t = useT("common");
  const control = useFieldControl();
  const [shown, setShown] = useState(false);
  return (
    <span className="relative flex">
      <input {...control} {...rest} type={shown ? "text" : "password"} className={cn(inputStyle, "pr-14", className)} />
      <button
        type="button"
        aria-pressed={shown}
        className="absolute inset-y-0 right-0 rounded-md px-2.5 text-xs font-medium text-accent-ink"
        onClick={() => setShown(!shown)}
      >
        {shown ? t("hide") : t("show")}
      </button>
    </span>
  );
}

type SecretInputProps = Omit<ComponentProps<"textarea">, "value"> & {
  /** What is known of the saved secret (its fingerprint); the secret itself never comes back. */
  saved?: ReactNode;
  rows?: number;
};

/** Write-only: shows that there is a secret and offers to replace it; only then is there something to type into. */
export function SecretInput({ saved, rows = 1, className, ...rest }: SecretInputProps) {
  const t = useT("common");
  const [replacing, setReplacing] = useState(false);
  if (saved && !replacing) {
    return (
      <div className="flex min-h-8 items-center gap-2">
        {saved}
        <Button size="sm" onClick={() => setReplacing(true)}>
          {t("replace")}
        </Button>
      </div>
    );
  }
  return (
    <div className="flex items-start gap-2">
      <Textarea
        mono
        rows={rows}
        autoComplete="off"
        spellCheck={false}
        autoFocus={replacing}
        className={cn("min-h-8", className)}
        {...rest}
      />
      {saved && (
        <Button
          size="sm"
          variant="ghost"
          onClick={() => {
            rest.onChange?.({ target: { name: rest.name, value: "" } } as never);
            setReplacing(false);
          }}
        >
          {t("secret.keep")}
        </Button>
      )}
    </div>
  );
}
