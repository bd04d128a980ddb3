import { Ban, CircleAlert, TimerOff, X } from "lucide-react";
import { MovementSign } from "~/components/movement";
import { ProviderMark } from "~/components/provider-mark";
import { ThreeLines } from "~/components/three-lines";
import { Button } from "~/components/ui/button";
import { buttonStyle } from "~/components/ui/button-style";
import { useNow } from "~/components/ui/clock";
import { methodProvider, PROVIDER_LABEL } from "~/domain/provider";
import { useLang, useT } from "~/i18n/use-t";
import { yuanDisplay } from "~/lib/money";
import type { CheckoutState } from "./checkout";
import { TroubleLines, useMethodName } from "./choose";
import { Actions, AnswerLine, StageHead } from "./parts";
import { alternativeTo, type Doubt, hasReceived, refusalOf, type Stage } from "./stage";
import { doubtWords, useStageTitle } from "./stage-title";
import { untilText } from "./until";

type Of<Name extends Stage["name"]> = Extract<Stage, { name: Name }>;

/** Nobody knows yet whether money moved: nothing here invites to pay. */
export function Checking({ view, stage, asking, answer, actions }: CheckoutState & { stage: Of<"checking"> }) {
  const t = useT("checkout");
  const lang = useLang();
  const title = useStageTitle(stage, view);
  const provider = stage.provider ? PROVIDER_LABEL[lang][stage.provider] : t("checking.channel");
  const closing = stage.why === "expiring" || stage.why === "cancelling";
  return (
    <>
      <StageHead tone="risk" sign={<MovementSign movement="unknown" large />} title={title} note={t("checking.soon")} />
      <ThreeLines
        size="roomy"
        what={t(`checking.${stage.why}What`, { provider })}
        movement="unknown"
        money={t("checking.money")}
        next={closing ? t("checking.closingNext") : t("checking.next")}
      />
      <Actions>
        <AnswerLine>{answer && t(`answer.${answer}`)}</AnswerLine>
        <Button size="touch" busy={asking} busyLabel={t("waiting.checking")} onClick={actions.check}>
          {t("checking.again")}
        </Button>
      </Actions>
    </>
  );
}

/** No money moved: another method first, since the same will likely fail again. */
export function Failed({ view, stage, offered, starting, trouble, actions }: CheckoutState & { stage: Of<"failed"> }) {
  const t = useT("checkout");
  const lang = useLang();
  const now = useNow(null);
  const nameOf = useMethodName(offered);
  const provider = PROVIDER_LABEL[lang][methodProvider(stage.method)];
  const other = alternativeTo(stage.method, offered);
  const refusal = refusalOf(stage.code);
  const time = untilText(view.expiresAt, now);
  const what = {
    declined: t("failed.declined", { provider, reason: t(`failed.reason.${refusal}`) }),
    unsent: t("failed.unsent", { provider }),
    unanswered: t("failed.unanswered", { provider }),
    never_created: t("failed.never_created", { provider }),
  }[stage.why];
  const next = () => {
    if (!other) return t("failed.nextAlone", { time });
    if (stage.why !== "declined") return t("failed.next", { time });
    if (refusal === "balance") return t("failed.nextBalance", { time });
    return refusal === "merchant" ? t("failed.nextMerchant", { time }) : t("failed.next", { time });
  };
  return (
    <>
      <StageHead tone="bad" sign={<X />} title={t("failed.title")} />
      <ThreeLines size="roomy" what={what} movement="none" money={t("failed.money")} next={next()} />
      <Actions>
        <TroubleLines trouble={trouble} />
        {other && (
          <Button
            variant="primary"
            size="touch"
            icon={<ProviderMark provider={methodProvider(other)} />}
            busy={starting === other}
            busyLabel={t("choose.paying", { method: nameOf(other) })}
            onClick={() => actions.start(other)}
          >
            {t("failed.other", { method: nameOf(other) })}
          </Button>
        )}
        <Button
          size="touch"
          busy={starting === stage.method}
          busyLabel={t("choose.paying", { method: nameOf(stage.method) })}
          onClick={() => actions.start(stage.method)}
        >
          {t("failed.again", { method: nameOf(stage.method) })}
        </Button>
        {offered.length > 2 && (
          <Button variant="ghost" size="touch" onClick={actions.choose}>
            {t("failed.all")}
          </Button>
        )}
      </Actions>
    </>
  );
}

/** Closed without money, by time or by the merchant. Who did pay can have it looked up. */
export function Over({ view, how, asking, answer, actions }: CheckoutState & { how: "expired" | "cancelled" }) {
  const t = useT("checkout");
  const now = useNow(null);
  return (
    <>
      <StageHead tone="plain" sign={how === "expired" ? <TimerOff /> : <Ban />} title={t(`${how}.title`)} />
      <ThreeLines
        size="roomy"
        what={how === "expired" ? t("expired.what", { time: untilText(view.expiresAt, now) }) : t("cancelled.what")}
        movement="none"
        money={t(`${how}.money`)}
        next={t(`${how}.next`)}
      />
      <Actions>
        <AnswerLine>{answer && t(`answer.${answer}`)}</AnswerLine>
        {view.returnUrl && (
          <BackLink href={view.returnUrl}>
            {how === "expired" ? t("expired.back") : t("cancelled.back", { merchant: view.merchant })}
          </BackLink>
        )}
        {view.attempts.length > 0 && (
          <Button
            variant={view.returnUrl ? "ghost" : "default"}
            size="touch"
            busy={asking}
            busyLabel={t("waiting.checking")}
            onClick={actions.check}
          >
            {t("expired.check")}
          </Button>
        )}
      </Actions>
    </>
  );
}

/** Money that has no place yet. It is with the merchant, or being looked for; nothing here invites to pay. */
export function Doubtful({ view, doubt }: CheckoutState & { doubt: Doubt }) {
  const t = useT("checkout");
  const words = doubtWords(doubt.kind);
  const received = words !== "other" && hasReceived(view);
  const amount = yuanDisplay(doubt.amountFen);
  return (
    <>
      <StageHead
        tone={received ? "plain" : "risk"}
        sign={received ? <CircleAlert /> : <MovementSign movement="unknown" large />}
        title={t(`doubt.${words}.title`)}
      />
      <ThreeLines
        size="roomy"
        what={t(`doubt.${words}.what`, { amount })}
        movement={received ? "in" : "unknown"}
        money={received ? t(`doubt.${words}.money`) : t("doubt.unsure")}
        next={t(`doubt.${words}.next`, { orderNo: view.orderNo })}
      />
      {view.returnUrl && (
        <Actions>
          <BackLink href={view.returnUrl}>{t("cancelled.back", { merchant: view.merchant })}</BackLink>
        </Actions>
      )}
    </>
  );
}

/** To the merchant's own page; it learns nothing of this one. */
export function BackLink({ href, children }: { href: string; children: React.ReactNode }) {
  return (
    <a href={href} rel="noreferrer" className={buttonStyle({ variant: "primary", size: "touch" })}>
      <span className="truncate">{children}</span>
    </a>
  );
}
