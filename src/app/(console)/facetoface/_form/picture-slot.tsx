"use client";

import { CircleAlert, ImagePlus } from "lucide-react";
import { type DragEvent, useEffect, useId, useRef, useState } from "react";
import { Button } from "~/components/ui/button";
import { cn } from "~/components/ui/cn";
import { ProgressBar } from "~/components/ui/progress-bar";
import type { FacetofacePicture } from "~/domain/facetoface";
import { PICTURE_MIME } from "~/domain/picture";
import { useT } from "~/i18n/use-t";
import { paths } from "~/lib/paths";
import { useUpload } from "./use-upload";
import type { Uploaded } from "./values";

type PictureSlotProps = {
  slot: FacetofacePicture;
  picture: Uploaded | null;
  onChange: (picture: Uploaded | null) => void;
  /** While a picture is on its way the application waits for it. */
  onBusy: (busy: boolean) => void;
};

/** One picture: dropped, chosen or pasted, sent at once, shown as the house keeps it. */
export function PictureSlot({ slot, picture, onChange, onBusy }: PictureSlotProps) {
  const t = useT("facetofaceForm");
  const id = useId();
  const name = t(`slot.${slot}.name`);
  const [isOver, setIsOver] = useState(false);
  const [isGone, setIsGone] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const choose = useRef<HTMLButtonElement>(null);
  const { work, take, stop } = useUpload((stored) => {
    setIsGone(false);
    onChange(stored);
  });
  const isSending = work.kind === "sending";
  useEffect(() => onBusy(isSending), [isSending, onBusy]);

  const takeFirst = (files: FileList | undefined) => {
    const file = files?.[0];
    if (file) take(file);
    return Boolean(file);
  };
  const drag = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(true);
  };
  const clear = () => {
    stop();
    onChange(null);
    // The button that was pressed goes with the picture.
    requestAnimationFrame(() => choose.current?.focus());
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be a cell that files are dropped on
    <div
      role="group"
      aria-labelledby={`${id}-name`}
      aria-describedby={`${id}-hint`}
      onDragEnter={drag}
      onDragOver={drag}
      onDragLeave={() => setIsOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setIsOver(false);
        takeFirst(event.dataTransfer.files);
      }}
      onPaste={(event) => takeFirst(event.clipboardData.files) && event.preventDefault()}
      className={cn(
        "grid content-start gap-3 rounded-lg p-4 inset-ring inset-ring-line-strong",
        isOver && "bg-accent-soft inset-ring-2 inset-ring-accent",
      )}
    >
      <div>
        <h3 id={`${id}-name`} className="text-sm font-medium">
          {name}
        </h3>
        <p id={`${id}-hint`} className="text-xs leading-[18px] text-ink-3">
          {t(`slot.${slot}.hint`)}
        </p>
      </div>
      <input
        ref={input}
        type="file"
        accept={Object.values(PICTURE_MIME).join()}
        aria-label={t("pictures.choose", { name })}
        tabIndex={-1}
        className="hidden"
        onChange={(event) => {
          takeFirst(event.target.files ?? undefined);
          // The same file may be chosen again after a failure.
          event.target.value = "";
        }}
      />
      {picture && !isGone && (
        // biome-ignore lint/performance/noImgElement: a sealed picture behind a permission, which no optimiser may keep
        <img
          src={paths.facetofacePicture(picture.id)}
          alt={t("pictures.preview", { name })}
          onError={() => setIsGone(true)}
          className="h-36 w-full rounded-md bg-sunken object-contain"
        />
      )}
      {isSending && (
        <div className="grid gap-1.5">
          <ProgressBar share={work.share} />
          <p className="text-xs text-ink-2">{t("pictures.sending", { percent: Math.round(work.share * 100) })}</p>
        </div>
      )}
      {!picture && !isSending && <p className="text-xs text-ink-3">{t("pictures.how")}</p>}
      <p role="status" className="sr-only">
        {isSending ? t("pictures.sendingNamed", { name }) : picture && !isGone ? t("pictures.kept", { name }) : ""}
      </p>
      {(work.kind === "failed" || (picture && isGone)) && (
        <p role="alert" className="flex gap-1.5 text-xs leading-[18px] text-danger">
          <CircleAlert aria-hidden className="mt-0.5 size-3.5 flex-none" />
          <span>{t(`failure.${work.kind === "failed" ? work.failure : "gone"}`)}</span>
        </p>
      )}
      <div className="flex flex-wrap items-center gap-2">
        {isSending ? (
          <Button size="sm" onClick={stop} aria-label={t("pictures.stop", { name })}>
            {t("pictures.stopShort")}
          </Button>
        ) : (
          <Button
            ref={choose}
            size="sm"
            icon={<ImagePlus aria-hidden />}
            aria-label={picture ? t("pictures.replace", { name }) : t("pictures.choose", { name })}
            onClick={() => input.current?.click()}
          >
            {picture ? t("pictures.replaceShort") : t("pictures.chooseShort")}
          </Button>
        )}
        {work.kind === "failed" && !work.failure.startsWith("picture_") && (
          <Button size="sm" onClick={() => take(work.file)} aria-label={t("pictures.retry", { name })}>
            {t("pictures.retryShort")}
          </Button>
        )}
        {picture && !isSending && (
          <Button size="sm" variant="ghost" onClick={clear} aria-label={t("pictures.remove", { name })}>
            {t("pictures.removeShort")}
          </Button>
        )}
        {picture && !isSending && !isGone && <span className="text-xs text-ink-3">{sizeText(picture)}</span>}
      </div>
    </div>
  );
}

/** PNG · 324 KB, JPG · 2.4 MB. */
function sizeText({ type, bytes }: Uploaded): string {
  const kilobytes = Math.max(1, Math.round(bytes / 1024));
  return `${type.toUpperCase()} · ${kilobytes < 1024 ? `${kilobytes} KB` : `${Math.round(bytes / 104_857.6) / 10} MB`}`;
}
