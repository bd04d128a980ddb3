"use client";

import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import { useT } from "~/i18n/use-t";
import { Button } from "./button";
import { cn } from "./cn";

type DialogProps = {
  open: boolean;
  onClose: () => void;
  title: ReactNode;
  children: ReactNode;
  /** Buttons at right. */
  actions?: ReactNode;
  /** While true, neither Escape nor 取消 closes it. */
  busy?: boolean;
  className?: string;
};

/** The browser's own modal dialog: it keeps the focus inside, closes on Escape and gives the focus back. */
export function Dialog({ open, onClose, title, children, actions, busy, className }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const dialog = ref.current;
    if (!dialog) return;
    if (open && !dialog.open) dialog.showModal();
    if (!open && dialog.open) dialog.close();
  }, [open]);
  return (
    <dialog
      ref={ref}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        if (!busy) onClose();
      }}
      className={cn("w-[min(480px,calc(100vw-32px))] rounded-xl bg-raised p-0 shadow-pop open:animate-pop", className)}
    >
      {open && (
        <div className="grid gap-4 p-6">
          <h2 id={titleId} className="text-lg font-strong">
            {title}
          </h2>
          <div className="text-md">{children}</div>
          {actions && <div className="mt-2 flex flex-wrap justify-end gap-2">{actions}</div>}
        </div>
      )}
    </dialog>
  );
}

type ConfirmDialogProps = {
  open: boolean;
  onClose: () => void;
  /** The question with its object: 退款 1,200.00 元给 152****8806？ */
  title: ReactNode;
  /** What will happen, one line each, with figures. */
  effects?: readonly ReactNode[];
  /** What cannot be undone, in bold. */
  final?: ReactNode;
  /** Fields, such as a reason, or an error in three lines. */
  children?: ReactNode;
  /** The verb itself: 退款. */
  verb: ReactNode;
  /** In place of 取消, where the verb itself is to cancel something. */
  keep?: ReactNode;
  busyVerb?: ReactNode;
  onConfirm: () => void;
  busy?: boolean;
  destructive?: boolean;
  /** Why the verb may not be pressed yet. */
  reason?: string | null | false;
  /** Where the data of many people would be lost: this name has to be typed first. */
  typeToConfirm?: { text: string; label: string };
};

/** Asks once, before something that cannot be undone. Focus starts on 取消. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { effects, final, children, verb, keep, busyVerb, onConfirm, busy, destructive, reason, typeToConfirm, ...dialog } = props;
  const t = useT("common");
  const [typed, setTyped] = useState("");
  const { open } = dialog;
  useEffect(() => {
    if (!open) setTyped("");
  }, [open]);
  const missing = typeToConfirm && typed !== typeToConfirm.text ? typeToConfirm.label : null;
  return (
    <Dialog
      {...dialog}
      busy={busy}
      actions={
        <>
          <Button size="form" autoFocus onClick={dialog.onClose} reason={false} disabled={busy}>
            {keep ?? t("cancel")}
          </Button>
          <Button
            size="form"
            variant={destructive ? "danger" : "primary"}
            busy={busy}
            busyLabel={busyVerb ?? t("working")}
            reason={reason || missing}
            onClick={onConfirm}
          >
            {verb}
          </Button>
        </>
      }
    >
      <div className="grid gap-3">
        {effects && (
          <ul className="grid list-disc gap-1 pl-5">
            {effects.map((effect, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the list of effects is written once and never reordered
              <li key={index}>{effect}</li>
            ))}
          </ul>
        )}
        {final && <p className="font-strong">{final}</p>}
        {children}
        {typeToConfirm && (
          <label className="grid gap-1 text-sm">
            <span className="font-medium">{typeToConfirm.label}</span>
            <input
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
              className="h-8 rounded-md bg-surface px-2.5 inset-ring inset-ring-control-line"
            />
          </label>
        )}
      </div>
    </Dialog>
  );
}
