"use client";

import { cn } from "~/components/ui/cn";
import { jsonLines } from "./json-lines";

type JsonBodyProps = {
  text: string;
  /** Members that are wrong, with what was expected. */
  wrong: Readonly<Record<string, string>>;
  label: string;
  className?: string;
};

/** JSON, one member to a line; a wrong one says at right what was expected. */
export function JsonBody({ text, wrong, label, className }: JsonBodyProps) {
  return (
    <ol
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region is reached by keyboard
      tabIndex={0}
      className={cn("min-h-0 overflow-auto bg-sunken py-2.5 font-code text-xs leading-5", className)}
    >
      {jsonLines(text).map(({ indent, name, rest }, index) => {
        const note = name === null ? undefined : wrong[name];
        return (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: a message never changes
            key={index}
            className={cn("flex min-w-max pr-4 whitespace-pre", note && "bg-risk-soft text-risk shadow-[inset_2px_0_0_var(--risk)]")}
          >
            <span className="w-11 flex-none pr-3.5 text-right text-ink-3 select-none">{index + 1}</span>
            <span>{indent}</span>
            {name !== null && <span className={note ? undefined : "text-ink-2"}>{`"${name}": `}</span>}
            <span className={cn("font-medium", !note && "text-ink")}>{rest}</span>
            {note && <span className="sticky right-4 ml-auto pl-6 font-sans font-medium">{note}</span>}
          </li>
        );
      })}
    </ol>
  );
}
