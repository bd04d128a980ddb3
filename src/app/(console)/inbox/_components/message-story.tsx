"use client";

import Link from "next/link";
import type { ReactNode } from "react";
import { ThreeLines } from "~/components/three-lines";
import type { Movement } from "~/domain/payment";
import { PROVIDER_LABEL } from "~/domain/provider";
import { useLang, useT } from "~/i18n/use-t";
import { yuanDisplay } from "~/lib/money";
import { paths } from "~/lib/paths";
import { GROUP_OF, MENDED_IN_CHANNEL, refusalCause } from "./causes";
import type { MessageDetail } from "./message-page";
import { stepsOf } from "./steps";
import { useCauseWords, useMisfitWords } from "./use-words";

type Story = { what: ReactNode; movement: Movement; money: ReactNode; moneyNote?: ReactNode; next: ReactNode };

/** 三行说明 of a message: what it says, whether money moved by it, what is to be done. */
export function MessageStory({ detail }: { detail: MessageDetail }) {
  const story = useStory(detail);
  return <ThreeLines size="compact" className="border-b border-line pb-4" {...story} />;
}

function useStory(detail: MessageDetail): Story {
  const t = useT("inbox");
  const lang = useLang();
  const refusal = useRefusal(detail);
  const misfit = useMisfitWords();
  const { message, about, cases } = detail;
  const provider = PROVIDER_LABEL[lang][message.provider];
  const [first] = cases;
  const open = cases.find(({ status }) => status === "open") ?? null;
  const amount = yuanDisplay(message.amountFen ?? first?.amountFen ?? (0n as never));
  const sentence = (text: string) => t("sentence", { text });
  const onDesk = (note: ReactNode): Pick<Story, "movement" | "money" | "moneyNote" | "next"> =>
    open
      ? { movement: "unknown", money: t("story.openMoney"), moneyNote: note, next: <CaseLink id={open.id}>{t("story.case")}</CaseLink> }
      : {
          movement: "none",
          money: t("story.endedMoney"),
          next: first ? <CaseLink id={first.id}>{t("story.seeCase")}</CaseLink> : t("story.nothingToDo"),
        };

  switch (message.state) {
    case "refused":
      return refusal;
    case "waiting":
      return { what: t("story.waitingWhat"), movement: "none", money: t("story.waitingMoney"), next: t("story.waitingNext", { provider }) };
    case "ignored":
      return { what: t("story.ignoredWhat"), movement: "none", money: t("story.ignoredMoney"), next: t("story.nothingToDo") };
    case "misfit": {
      const { cause, outTradeNo } = message;
      const words = misfit({
        cause,
        provider: message.provider,
        amountFen: message.amountFen ?? first?.amountFen ?? null,
        expectedFen: first?.expectedFen ?? about?.amountFen ?? null,
        outTradeNo,
      });
      return { what: sentence(words), ...onDesk(t("story.openNote", { amount })) };
    }
    case "applied": {
      const late = cases.find(({ kind }) => kind === "paid_twice" || kind === "paid_after_close");
      if (late)
        return {
          what: t(`story.${late.kind as "paid_twice"}`, { provider, amount }),
          ...onDesk(t("story.openBooked", { amount, provider })),
        };
      if (about?.status === "closed") {
        return { what: t("story.closedWhat", { provider }), movement: "none", money: t("story.closedMoney"), next: t("story.nothingToDo") };
      }
      return {
        what: t("story.paidWhat", { provider, amount }),
        movement: "in",
        money: t("story.paidMoney"),
        moneyNote: t("story.paidNote", { amount, orderNo: about?.orderNo ?? "–" }),
        next: t("story.nothingToDo"),
      };
    }
  }
}

function useRefusal({ message }: MessageDetail): Story {
  const t = useT("inbox");
  const words = useCauseWords();
  const cause = refusalCause(message.cause);
  const group = cause ? GROUP_OF[cause] : "content";
  const evidence = stepsOf(message).findLast(({ ok }) => !ok)?.evidence ?? null;
  return {
    what: t("sentence", { text: words(message.cause, evidence) }),
    movement: "none",
    money: t("story.notTrusted"),
    next: (
      <>
        {t(`next.${group}`)}
        {MENDED_IN_CHANNEL.includes(group) && (
          <>
            {" "}
            <Link className="link whitespace-nowrap" href={paths.channel(message.channelId)} prefetch={false}>
              {t("story.channel")}
            </Link>
          </>
        )}
      </>
    ),
  };
}

const CaseLink = ({ id, children }: { id: string; children: ReactNode }) => (
  <Link className="link" href={paths.exception(id)} prefetch={false}>
    {children}
  </Link>
);
