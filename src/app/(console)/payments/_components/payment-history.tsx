"use client";

import Link from "next/link";
import { Fragment, type ReactNode } from "react";
import { Timeline } from "~/components/timeline";
import { useNow } from "~/components/ui/clock";
import { timeText } from "~/components/ui/time-text";
import { CASE_KIND_LABEL } from "~/domain/exception";
import { METHOD_LABEL, methodProvider, PROVIDER_LABEL } from "~/domain/provider";
import { useLang, useT } from "~/i18n/use-t";
import { yuanDisplay } from "~/lib/money";
import { paths } from "~/lib/paths";
import type { PaymentDetail } from "./detail";
import { type Step, stepsOf } from "./history";

/** 经过: every step in plain words, with who did it and the way to the raw message. */
export function PaymentHistory({ detail }: { detail: PaymentDetail }) {
  const tell = useStory(detail);
  return (
    <Timeline
      items={stepsOf(detail).map((step) => {
        const { title, note } = tell(step);
        return { key: step.key, at: step.at, movement: step.movement, title, note: <Notes parts={note} step={step} /> };
      })}
    />
  );
}

/** Parts with · between them, and links last. */
function Notes({ parts, step }: { parts: readonly ReactNode[]; step: Step }) {
  const t = useT("payment");
  const shown = parts.filter(Boolean);
  if (step.messageId) {
    shown.push(
      <Link className="link" href={paths.message(step.messageId)} prefetch={false}>
        {t("callback.see")}
      </Link>,
    );
  }
  if (step.caseId) {
    shown.push(
      <Link className="link" href={paths.exception(step.caseId)} prefetch={false}>
        {t("event.seeCase")}
      </Link>,
    );
  }
  return shown.map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one sentence
    <Fragment key={index}>
      {index > 0 && " · "}
      {part}
    </Fragment>
  ));
}

type Told = { title: ReactNode; note: readonly ReactNode[] };

function useStory({ payment }: PaymentDetail): (step: Step) => Told {
  const t = useT("payment");
  const lang = useLang();
  const now = useNow(null);

  const who = ({ actor }: Step): string => {
    if (!actor) return "";
    if (actor.actorKind === "user") return actor.actorName ? t("actor.user", { name: actor.actorName }) : t("actor.someone");
    return t(`actor.${actor.actorKind}`);
  };

  return (step) => {
    const method = step.method ? METHOD_LABEL[lang][step.method] : "";
    const provider = step.method ? PROVIDER_LABEL[lang][methodProvider(step.method)] : t("actor.provider");
    switch (step.kind) {
      case "create": {
        const until = step.expiresAt ?? payment.expiresAt;
        const time = timeText(until, "list", now);
        return {
          title: t("event.create"),
          note: [t("event.createNote", { who: who(step), amount: yuanDisplay(payment.amountFen), time })],
        };
      }
      case "settle":
        return {
          title: t("event.settle", { amount: yuanDisplay(step.amountFen) }),
          note: [step.source && t(`source.${step.source}`, { provider })],
        };
      case "close":
        return { title: step.reason === "cancelled" ? t("event.closeCancelled") : t("event.closeExpired"), note: [t("event.closeNote")] };
      case "cancel_request":
        return { title: t("event.cancelRequest"), note: [t("event.cancelRequestNote", { who: who(step), reason: step.reason })] };
      case "attempt":
        return { title: step.first ? t("event.attemptFirst", { method }) : t("event.attemptNext", { method }), note: [who(step)] };
      case "launch":
        return { title: t(`event.${LAUNCH_WORDS[step.launch]}`, { provider }), note: [] };
      case "doubt":
        return { title: t("event.doubt", { provider }), note: [t("event.doubtNote", { code: step.code })] };
      case "succeed":
        return { title: t("event.succeed", { provider, amount: yuanDisplay(step.amountFen) }), note: [] };
      case "succeed_late":
        return { title: t("event.succeedLate", { amount: yuanDisplay(step.amountFen) }), note: [] };
      case "close_attempt":
        return { title: t("event.closeAttempt", { method }), note: [t(`event.${CLOSE_WORDS[step.atProvider ?? "said"]}`, { provider })] };
      case "fail":
        return step.never
          ? { title: t("event.failNever", { provider }), note: [t("event.closeNote")] }
          : { title: t("event.fail", { provider }), note: [t("event.failNote", { code: step.code })] };
      case "case":
        return {
          title: t("event.case", { kind: CASE_KIND_LABEL[lang][step.caseKind], amount: yuanDisplay(step.amountFen) }),
          note: [step.open ? t("event.caseNote") : t("event.caseDone")],
        };
      case "other":
        return { title: t("event.other", { type: step.type }), note: [who(step)] };
    }
  };
}

const LAUNCH_WORDS = { qr: "launchQr", redirect: "launchRedirect", jsapi: "launchJsapi" } as const;
const CLOSE_WORDS = { closed: "closeAttemptAtProvider", absent: "closeAttemptAbsent", said: "closeAttemptSaid" } as const;
