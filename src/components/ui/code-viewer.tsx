"use client";

import { useState } from "react";
import { useT } from "~/i18n/use-t";
import { cn } from "./cn";
import { type DiffRow, diffLines, invisible, type Param } from "./code-text";
import { CopyButton } from "./copy-button";
import { Segment } from "./tabs";

export type CodeView = "lines" | "raw";

type CodeBodyProps = {
  /** The exact text, as received or as signed. */
  text: string;
  /** The same text as parameters; without them only 原文 can be shown. */
  params?: readonly Param[];
  view: CodeView;
  /** Parameters that are wrong, with what was expected: shown at right of the line. */
  wrong?: Readonly<Record<string, string>>;
  label: string;
  className?: string;
};

const FRAME = "min-h-0 overflow-auto bg-sunken py-2.5 font-code text-xs leading-5";
const LINE_NUMBER = "w-11 flex-none pr-3.5 text-right text-ink-3 select-none";

/** The text itself: one parameter per line, or exactly as it is. */
export function CodeBody({ text, params, view, wrong = {}, label, className }: CodeBodyProps) {
  if (view === "lines" && params) {
    return (
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region is reached by keyboard
      <ol aria-label={label} tabIndex={0} className={cn(FRAME, className)}>
        {params.map((param, index) => {
          const note = wrong[param.name];
          return (
            <li
              // biome-ignore lint/suspicious/noArrayIndexKey: a message never changes, and may repeat a name
              key={index}
              className={cn("flex min-w-max pr-4 whitespace-pre", note && "bg-risk-soft text-risk shadow-[inset_2px_0_0_var(--risk)]")}
            >
              <span className={LINE_NUMBER}>{index + 1}</span>
              <span className={note ? undefined : "text-ink-2"}>{param.name}</span>
              <span className="text-ink-3">=</span>
              <span className={cn("font-medium", !note && "text-ink")}>{param.value}</span>
              {index < params.length - 1 && <span className="text-ink-3">&amp;</span>}
              {note && <span className="sticky right-4 ml-auto pl-6 font-sans font-medium">{note}</span>}
            </li>
          );
        })}
      </ol>
    );
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region is reached by keyboard
    <ol aria-label={label} tabIndex={0} className={cn(FRAME, className)}>
      {text.split("\n").map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a message never changes
        <li key={index} className="flex pr-4">
          <span className={LINE_NUMBER}>{index + 1}</span>
          <span className="min-w-0 break-all whitespace-pre-wrap">{line}</span>
        </li>
      ))}
    </ol>
  );
}

type CodeToolsProps = { view: CodeView; onView: (view: CodeView) => void; splits: boolean; text: string; thing: string };

/** 分行 / 原文 and a copy of the exact text: at the right of the viewer's tabs. */
export function CodeTools({ view, onView, splits, text, thing }: CodeToolsProps) {
  const t = useT("common");
  return (
    <>
      {splits && (
        <Segment
          label={t("code.viewAs")}
          value={view}
          onChange={onView}
          choices={[
            { key: "lines", label: t("code.lines") },
            { key: "raw", label: t("code.raw") },
          ]}
        />
      )}
      <CopyButton text={text} thing={thing} />
    </>
  );
}

type CodeViewerProps = Omit<CodeBodyProps, "view"> & {
  /** At left of the tools: a note on the charset. */
  note?: string;
};

/** A viewer that stands alone. Under tabs, use `CodeTools` in the tabs and `CodeBody` below. */
export function CodeViewer({ note, ...body }: CodeViewerProps) {
  const [view, setView] = useState<CodeView>("lines");
  return (
    <div>
      <div className="flex h-9 items-center gap-1">
        {note && <span className="text-xs text-ink-3">{note}</span>}
        <span className="grow" />
        <CodeTools view={view} onView={setView} splits={Boolean(body.params)} text={body.text} thing={body.label} />
      </div>
      <CodeBody {...body} view={view} />
    </div>
  );
}

/** 对方 and 我方 side by side; what differs is underlined and tinted, and what cannot be seen is shown as a sign with its code. */
export function DiffViewer({ theirs, ours }: { theirs: readonly string[]; ours: readonly string[] }) {
  const t = useT("common");
  const rows = diffLines(theirs, ours);
  const differing = rows.filter((row) => !row.same).length;
  return (
    <div className={FRAME}>
      {differing === 0 && <p className="px-4 pb-2 font-sans text-success">{t("code.same")}</p>}
      <table className="w-full table-fixed border-separate border-spacing-0">
        <thead>
          <tr className="font-sans text-ink-3">
            <th className="w-11" />
            <th className="pr-4 text-left font-medium">{t("code.theirs")}</th>
            <th className="border-l border-line pr-4 pl-4 text-left font-medium">{t("code.ours")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: both texts are fixed
            <tr key={index} className={cn("align-top", !row.same && "bg-risk-soft")}>
              <td className={LINE_NUMBER}>{index + 1}</td>
              <td className="pr-4 break-all whitespace-pre-wrap">
                <Marked text={row.theirs} row={row} />
              </td>
              <td className="border-l border-line pr-4 pl-4 break-all whitespace-pre-wrap">
                <Marked text={row.ours} row={row} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const Invisible = ({ name, code }: { name: string; code?: string }) => (
  <span className="mx-0.5 rounded-sm px-1 font-sans text-[11px] inset-ring inset-ring-risk-line">
    {name}
    {code && <span className="ml-1">{code}</span>}
  </span>
);

function character(text: string, index: number) {
  const unseen = invisible(text);
  return unseen ? <Invisible key={index} {...unseen} /> : text;
}

function Marked({ text, row }: { text: string | null; row: DiffRow }) {
  if (text === null) return <span className="text-ink-3">–</span>;
  if (row.same) return text;
  const { start, end } = row.alike;
  const middle = text.slice(start, text.length - end);
  return (
    <>
      {text.slice(0, start)}
      <ins className="bg-risk-line/40 font-medium text-risk underline decoration-2 underline-offset-2">
        {middle === "" ? <Invisible name="∅" /> : [...middle].map(character)}
      </ins>
      {text.slice(text.length - end)}
    </>
  );
}
