import { type ReactNode, useEffect, useId, useRef } from "react";

type DialogProps = { open: boolean; onClose: () => void; title: string; busy: boolean; children: ReactNode; actions: ReactNode };

/** The browser's own modal dialog: it keeps the focus inside, closes on Escape and gives the focus back. It starts on `data-first-focus`. */
export function Dialog({ open, onClose, title, busy, children, actions }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const dialog = ref.current;
    if (open && !dialog?.open) {
      dialog?.showModal();
      dialog?.querySelector<HTMLElement>("[data-first-focus]")?.focus();
    }
    if (!open && dialog?.open) dialog.close();
  }, [open]);
  return (
    <dialog
      ref={ref}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        if (!busy) onClose();
      }}
    >
      {open && (
        <>
          <h2 id={titleId}>{title}</h2>
          {children}
          <div className="actions">{actions}</div>
        </>
      )}
    </dialog>
  );
}
