"use client";

import { useCallback, useMemo, useRef } from "react";
import { useFormContext, useWatch } from "react-hook-form";
import { Notice } from "~/components/ui/states";
import { FACETOFACE_PICTURES, type FacetofacePicture } from "~/domain/facetoface";
import { useT } from "~/i18n/use-t";
import { Place, useFieldWords } from "./fields";
import { PictureSlot } from "./picture-slot";
import type { FormValues } from "./values";

/** The five slots. `onBusy` hears how many pictures are on their way. */
export function PictureFields({ onBusy }: { onBusy: (count: number) => void }) {
  const t = useT("facetofaceForm");
  const { setValue } = useFormContext<FormValues>();
  const pictures = useWatch<FormValues, "pictures">({ name: "pictures" });
  const words = useFieldWords("pictures");
  const busy = useRef(new Set<FacetofacePicture>());
  const mark = useCallback(
    (slot: FacetofacePicture, isBusy: boolean) => {
      if (isBusy) busy.current.add(slot);
      else busy.current.delete(slot);
      onBusy(busy.current.size);
    },
    [onBusy],
  );
  const marks = useMemo(
    () =>
      Object.fromEntries(FACETOFACE_PICTURES.map((slot) => [slot, (isBusy: boolean) => mark(slot, isBusy)])) as Record<
        FacetofacePicture,
        (isBusy: boolean) => void
      >,
    [mark],
  );
  return (
    <Place name="pictures" className="grid gap-4">
      <p className="max-w-prose text-sm text-ink-2">{t("pictures.rules")}</p>
      {words && <Notice tone="danger">{words}</Notice>}
      <div className="grid gap-4 md:grid-cols-2">
        {FACETOFACE_PICTURES.map((slot) => (
          <PictureSlot
            key={slot}
            slot={slot}
            picture={pictures[slot]}
            onChange={(picture) => setValue(`pictures.${slot}`, picture, { shouldDirty: true, shouldValidate: true })}
            onBusy={marks[slot]}
          />
        ))}
      </div>
    </Place>
  );
}
