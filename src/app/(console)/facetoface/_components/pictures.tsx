"use client";

import { ImageOff } from "lucide-react";
import { useState } from "react";
import { Button } from "~/components/ui/button";
import { Dialog } from "~/components/ui/dialog";
import { FACETOFACE_PICTURES } from "~/domain/facetoface";
import { useT } from "~/i18n/use-t";
import { paths } from "~/lib/paths";
import type { Rights } from "./rights";
import type { ApplicationDetail } from "./types";
import { useReason } from "./use-reason";

type Picture = ApplicationDetail["pictures"][number];

/** Each slot, in Alipay's order; whoever may see persons sees the pictures, and one of them large. */
export function Pictures({ pictures, rights }: { pictures: readonly Picture[]; rights: Rights }) {
  const t = useT("facetoface");
  const common = useT("common");
  const [large, setLarge] = useState<Picture | null>(null);
  const role = useReason()(rights.unmask ? null : "role", rights);
  return (
    <>
      {role && pictures.length > 0 && <p className="pb-3 text-ink-3">{t("picture.hidden")}</p>}
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(152px,1fr))] gap-4">
        {FACETOFACE_PICTURES.map((slot) => {
          const picture = pictures.find((one) => one.slot === slot);
          return (
            <li key={slot} className="grid content-start gap-1.5">
              <Frame picture={picture} mayLook={!role} onLarge={setLarge} />
              <span>{t(`picture.${slot}`)}</span>
              <span className="text-xs text-ink-3">
                {picture ? t("picture.about", { type: picture.type.toUpperCase(), size: sizeText(picture.bytes) }) : t("picture.none")}
              </span>
            </li>
          );
        })}
      </ul>
      <Dialog
        open={large !== null}
        onClose={() => setLarge(null)}
        title={large && t(`picture.${large.slot}`)}
        className="w-[min(1080px,calc(100vw-32px))]"
        actions={<Button onClick={() => setLarge(null)}>{common("close")}</Button>}
      >
        {large && (
          // biome-ignore lint/performance/noImgElement: a picture behind a permission is not to be cached or resized by another server
          <img
            src={paths.facetofacePicture(large.pictureId)}
            alt={t(`picture.${large.slot}`)}
            className="mx-auto block max-h-[70dvh] max-w-full"
          />
        )}
      </Dialog>
    </>
  );
}

const BOX = "grid aspect-4/3 w-full place-items-center overflow-hidden rounded-md bg-sunken inset-ring inset-ring-line text-ink-3";

function Frame({ picture, mayLook, onLarge }: { picture: Picture | undefined; mayLook: boolean; onLarge: (picture: Picture) => void }) {
  const t = useT("facetoface");
  if (!picture) return <span className={BOX} aria-hidden />;
  if (!mayLook) {
    return (
      <span className={BOX}>
        <ImageOff aria-hidden />
      </span>
    );
  }
  return (
    <button
      type="button"
      className={BOX}
      aria-label={t("picture.enlarge", { name: t(`picture.${picture.slot}`) })}
      onClick={() => onLarge(picture)}
    >
      {/* biome-ignore lint/performance/noImgElement: a picture behind a permission is not to be cached or resized by another server */}
      <img src={paths.facetofacePicture(picture.pictureId)} alt="" loading="lazy" className="size-full object-cover" />
    </button>
  );
}

const KB = 1024;
const sizeText = (bytes: number): string => (bytes < KB * KB ? `${Math.ceil(bytes / KB)} KB` : `${(bytes / KB / KB).toFixed(1)} MB`);
