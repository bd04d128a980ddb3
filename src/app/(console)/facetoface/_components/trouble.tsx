"use client";

import Link from "next/link";
import { ThreeLines } from "~/components/three-lines";
import { useT } from "~/i18n/use-t";
import { paths } from "~/lib/paths";
import { isHeld } from "./reasons";
import type { ApplicationDetail } from "./types";

/** 三行说明 above everything, when Alipay refused, holds or rejected it. Nothing on a normal day. */
export function Trouble({ detail }: { detail: ApplicationDetail }) {
  const t = useT("facetoface");
  const kind = troubleOf(detail);
  if (!kind) return null;
  const said = kind === "refused" ? [detail.failureReason, detail.failureCode].filter(Boolean).join(" · ") : detail.rejectReason;
  return (
    <div className="border-b border-line py-4">
      <ThreeLines
        size="compact"
        movement="none"
        what={
          <>
            {t(`trouble.${kind}.what`)}
            {said && <span className="font-medium [overflow-wrap:anywhere]"> {said}</span>}
          </>
        }
        money={t("trouble.money")}
        next={
          <>
            {t(`trouble.${kind}.next`)}{" "}
            <Link
              className="link"
              href={kind === "rejected" ? paths.newFacetoface(detail.id) : paths.editFacetoface(detail.id)}
              prefetch={false}
            >
              {t(kind === "rejected" ? "action.reapply" : "action.revise")}
            </Link>
          </>
        }
      />
    </div>
  );
}

function troubleOf(detail: ApplicationDetail): "refused" | "held" | "rejected" | null {
  if (detail.status === "init" && detail.failureCode) return "refused";
  if (isHeld(detail)) return "held";
  return detail.closeReason === "rejected" ? "rejected" : null;
}
