"use client";

import { Check, X } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { type CheckRow, CheckRows } from "~/components/ui/check-rows";
import { cn } from "~/components/ui/cn";
import { Fingerprint } from "~/components/ui/id";
import { useT } from "~/i18n/use-t";
import { paths } from "~/lib/paths";
import { misfitCause } from "./causes";
import type { MessageDetail } from "./message-page";
import { type Shown, type ShownStep, shownSteps } from "./steps";
import { useCauseWords } from "./use-words";

/** 处理步骤 1–8, each with its result, evidence and time; the one that failed is open. */
export function MessageSteps({ detail }: { detail: MessageDetail }) {
  const t = useT("inbox");
  const words = useCauseWords();
  const evidence = useEvidence(detail);
  const { comparisons, message } = detail;
  const differing = comparisons.filter(({ same }) => !same).length;
  const rows = shownSteps(message, { compared: comparisons.length, differing }).map((shown): CheckRow => {
    const { step, state, ms, failed } = shown;
    const base = { key: step, state, title: t(`step.${step}`), ms };
    if (failed) return { ...base, evidence: words(failed.cause, failed.evidence) };
    const compares = step === "compare" && comparisons.length > 0 && state !== "skipped";
    return {
      ...base,
      evidence: evidence(step, shown),
      detail: compares && state === "failed" ? <ComparisonTable detail={detail} /> : undefined,
    };
  });
  return (
    <>
      <h2 className="pt-3 pb-2.5 text-sm font-strong">{t("stepsTitle")}</h2>
      <CheckRows rows={rows} numbered />
    </>
  );
}

const CODE = { code: (text: ReactNode) => <span className="code">{text}</span> };

/** What was seen at a step that passed, or why it was not reached. */
function useEvidence(detail: MessageDetail) {
  const t = useT("inbox");
  const { message, channel, key, sha256, signedParams, comparisons, about, cases } = detail;
  const alipay = message.provider === "alipay";
  const [first] = cases;
  const caseLink = () => (
    <Link className="link" href={first ? paths.exception(first.id) : paths.exceptions()} prefetch={false}>
      {t("evidence.seeCase")}
    </Link>
  );
  const orderLink = () =>
    about && (
      <Link className="mono-id link" href={paths.payment(about.paymentId)} prefetch={false}>
        {about.orderNo}
      </Link>
    );

  const keyWords = (): ReactNode => {
    if (message.keyId === null) return t("evidence.keysTried");
    if (!key) return t.rich("evidence.keyGone", { key: message.keyId ?? "–", ...CODE });
    const name = alipay ? (key.kind === "alipay_cert" ? t("evidence.keyAlipayCert") : t("evidence.keyAlipay")) : t("evidence.keyWechat");
    return (
      <span className="inline-flex flex-wrap items-center gap-x-1.5">
        {name} <Fingerprint sha256={key.fingerprint} since={key.createdAt} />
      </span>
    );
  };
  const booked = (): ReactNode => {
    if (message.state === "waiting") return t("evidence.waiting");
    if (message.state === "ignored") return t("evidence.ignored");
    if (message.state === "misfit") return t.rich("evidence.misfit", { case: caseLink });
    if (first) return t.rich("evidence.atRisk", { case: caseLink });
    return about?.status === "closed" ? t("evidence.closed") : t.rich("evidence.booked", { order: orderLink });
  };
  const compared = (): ReactNode => {
    const bad = comparisons.filter(({ same }) => !same).length;
    const misfit = misfitCause(message.cause);
    // Not everything that does not fit is a field of the message: a refund that is not ours, a number that is taken.
    if (bad === 0 && message.state === "misfit" && misfit) return t(`misfitShort.${misfit}`);
    if (comparisons.length === 0) return t("evidence.compareNone");
    return bad > 0 ? t("evidence.compareBad", { count: comparisons.length, bad }) : t("evidence.compareOk", { count: comparisons.length });
  };

  return (step: ShownStep, { state }: Shown): ReactNode => {
    if (state === "skipped" && step !== "book" && step !== "compare") return t("evidence.notReached");
    if (state === "skipped" && message.state === "refused") return t("evidence.notReached");
    switch (step) {
      case "stored": {
        const hash = `${sha256.slice(0, 8)}…${sha256.slice(-4)}`;
        return t.rich("evidence.stored", { bytes: message.bodyBytes.toLocaleString("en-US"), hash, ...CODE });
      }
      case "channel":
        return t("evidence.channel", { name: channel?.name ?? "–" });
      case "key":
        return keyWords();
      case "signed_text":
        return alipay ? t.rich("evidence.signedAlipay", { count: signedParams?.length ?? 0, ...CODE }) : t("evidence.signedWechat");
      case "signature":
        return alipay ? t("evidence.signatureAlipay") : t("evidence.signatureWechat");
      case "dedupe":
        return message.copies > 1 ? t("evidence.copies", { count: message.copies }) : t("evidence.first");
      case "compare":
        return compared();
      case "book":
        return booked();
    }
  };
}

/** A narrow table: what does not fit keeps its beginning and its last four. */
const short = (value: string, room: number) => (value.length <= room ? value : `${value.slice(0, room - 6)}…${value.slice(-4)}`);

/** Field by field: the message, our books, and whether they agree. */
function ComparisonTable({ detail: { comparisons } }: { detail: MessageDetail }) {
  const t = useT("inbox");
  return (
    <table className="w-full table-fixed text-xs" aria-label={t("compare.label")}>
      <thead>
        <tr className="h-6 text-left text-ink-3 [&>th]:border-b [&>th]:border-line [&>th]:font-medium">
          <th className="w-[106px]">{t("compare.field")}</th>
          <th className="w-[38%] pl-2">{t("compare.theirs")}</th>
          <th className="pl-2">{t("compare.ours")}</th>
          <th className="w-7">
            <span className="sr-only">{t("column.state")}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {comparisons.map(({ field, theirs, ours, same }) => (
          <tr key={field} className={cn("h-6 code", !same && "font-medium text-danger")}>
            <td className="truncate">{field}</td>
            <td className="truncate pl-2" data-tip={theirs ?? undefined}>
              {theirs === null ? "–" : short(theirs, 16)}
            </td>
            <td className="truncate pl-2" data-tip={same ? undefined : (ours ?? undefined)}>
              {same ? <span className="font-sans">{t("compare.same")}</span> : ours === null ? t("compare.unknown") : short(ours, 12)}
            </td>
            <td className="text-right [&_svg]:inline [&_svg]:size-3.5">
              {same ? <Check aria-label={t("compare.same")} className="text-success" /> : <X aria-label={t("compare.differs")} />}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
