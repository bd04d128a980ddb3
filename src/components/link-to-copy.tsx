"use client";

import { CopyButton } from "./ui/copy-button";
import { Field } from "./ui/field";
import { Input } from "./ui/input";

/** A link that is told once: whole, selected when it is focused, with a button beside it. */
export function LinkToCopy({ link, label }: { link: string; label: string }) {
  return (
    <Field label={label}>
      <span className="flex items-center gap-2">
        <Input mono readOnly value={link} onFocus={(event) => event.target.select()} />
        <CopyButton text={link} thing={label} />
      </span>
    </Field>
  );
}
