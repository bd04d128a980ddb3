import { clsx } from "clsx";
import { ExternalLink, Loader } from "lucide-react";
import dynamic from "next/dynamic";
import { ProviderMark } from "~/components/provider-mark";
import { ProviderName } from "~/components/provider-name";
import { Button } from "~/components/ui/button";
import { useNow } from "~/components/ui/clock";
import { IdText } from "~/components/ui/id";
import { type Method, methodProvider, PROVIDER_LABEL } from "~/domain/provider";
import { useLang, useT } from "~/i18n/use-t";
import { hours, seconds } from "~/lib/time";
import type { CheckoutState } from "./checkout";
import { TroubleLines } from "./choose";
import { simulatorCashier } from "./leave";
import { Actions, AnswerLine, Line, Lines, StageHead } from "./parts";
import { type Attempt, isAlive, isCode, type ShownLaunch } from "./stage";
import { useRenewal } from "./use-renewal";

// Whoever pays in an app never needs the drawing of codes; who does gets it while the provider makes the code.
const QrCard = dynamic(() => import("~/components/ui/qr-card").then((module) => module.QrCard), {
  loading: () => <div className="h-64 w-64 rounded-lg bg-white ring ring-line-strong" />,
});

type Launched<Kind extends ShownLaunch["kind"]> = { attempt: Attempt; launch: Extract<ShownLaunch, { kind: Kind }> };

/** Providers' codes live two hours at most; the line shows the last part of a longer time. */
const LINE_MAX_MS = hours(2);

/** A code on the screen. Both providers' codes stand behind a switch, so that changing one's mind is one press. */
export function WaitingForCode(checkout: CheckoutState & Launched<"qr">) {
  const { view, offered, starting, trouble, lost, answer, actions, attempt, launch, simulatorUrl } = checkout;
  const t = useT("checkout");
  const now = useNow(seconds(1));
  const codes = offered.filter(isCode);
  // The switch follows the finger; the code follows when the provider has made it.
  const chosen = starting && isCode(starting) ? starting : attempt.method;
  const making = starting !== null;
  const alive = isAlive(launch, now);
  const provider = methodProvider(chosen);
  useRenewal(!alive && !making && view.expiresAt > now, () => actions.start(attempt.method));

  const endsAt = launch.expiresAt ?? view.expiresAt;
  const wholeMs = Math.min(LINE_MAX_MS, endsAt.getTime() - attempt.createdAt.getTime());
  return (
    <>
      {codes.length > 1 && <CodeSwitch codes={codes} chosen={chosen} onChoose={actions.start} />}
      <div className="my-auto flex flex-col items-center pt-5 pb-4 max-md:pt-4">
        <QrCard
          value={alive && !making ? launch.text : null}
          label={t("waiting.scan", { app: t(`app.${provider}`) })}
          expired={making ? t("choose.making") : t("waiting.expired")}
          left={(endsAt.getTime() - now.getTime()) / wholeMs}
        />
        <h2 className="mt-4 text-lg font-strong">{t("waiting.scan", { app: t(`app.${provider}`) })}</h2>
        <LiveLine lost={lost} said={answer && t(`answer.${answer}`)} />
        {!alive && !making && (
          <Button variant="primary" size="form" className="mt-4" onClick={() => actions.start(attempt.method)}>
            {t("waiting.renew")}
          </Button>
        )}
        {simulatorUrl && alive && !making && <SimulatorLink href={simulatorCashier(simulatorUrl, launch.text)} />}
      </div>
      <TroubleLines trouble={trouble} />
      <CodeActions {...checkout} />
    </>
  );
}

/** Quiet on the slip, where the code is what to look at; as large as a thumb on a phone. */
function CodeActions({ asking, starting, offered, actions }: CheckoutState) {
  const t = useT("checkout");
  return (
    <div className="mt-auto -mb-3.5 flex flex-wrap items-center justify-center gap-x-2 max-md:mb-0 max-md:grid max-md:justify-stretch max-md:gap-2.5 print:hidden">
      <Button
        variant="ghost"
        className="not-hover:text-accent-ink! max-md:h-12! max-md:rounded-lg max-md:text-lg max-md:text-ink! max-md:inset-ring max-md:inset-ring-line-strong"
        busy={asking}
        busyLabel={t("waiting.checking")}
        onClick={actions.check}
      >
        {t("waiting.check")}
      </Button>
      {offered.length > 1 && (
        <Button
          variant="ghost"
          className="not-hover:text-accent-ink! max-md:h-12! max-md:text-lg"
          onClick={() => starting === null && actions.choose()}
        >
          {t("waiting.other")}
        </Button>
      )}
    </div>
  );
}

function CodeSwitch({ codes, chosen, onChoose }: { codes: Method[]; chosen: Method; onChoose: (method: Method) => void }) {
  const t = useT("checkout");
  const lang = useLang();
  return (
    <fieldset
      aria-label={t("methods")}
      className="grid w-full auto-cols-fr grid-flow-col gap-[3px] rounded-lg bg-sunken p-[3px] inset-ring inset-ring-line"
    >
      {codes.map((code) => (
        <button
          key={code}
          type="button"
          aria-pressed={code === chosen}
          onClick={() => code !== chosen && onChoose(code)}
          className={clsx(
            "flex h-[38px] items-center justify-center gap-2 rounded-md text-md max-md:h-11",
            code === chosen ? "bg-raised font-medium ring ring-line-strong" : "text-ink-2 hover:text-ink",
          )}
        >
          <ProviderMark provider={methodProvider(code)} />
          {PROVIDER_LABEL[lang][methodProvider(code)]}
        </button>
      ))}
    </fieldset>
  );
}

/** What the page is doing; what a question brought takes its place, so nothing moves. */
function LiveLine({ lost, said }: { lost: boolean; said: string | null }) {
  const t = useT("checkout");
  return (
    <p role="status" className="mt-1 flex items-center gap-2 text-center text-ink-2">
      <i className={clsx("size-2 flex-none rounded-full", lost ? "bg-ink-off" : "animate-beat bg-accent")} />
      {said ?? (lost ? t("waiting.lost") : t("waiting.live"))}
    </p>
  );
}

/** There is no real phone to scan with where there is no real money. */
function SimulatorLink({ href }: { href: string }) {
  const t = useT("checkout");
  return (
    <a
      href={href}
      target="_blank"
      rel="noreferrer"
      className="mt-1.5 inline-flex min-h-7 items-center gap-1.5 rounded-sm text-xs text-ink-3 underline-offset-3 hover:text-ink hover:underline max-md:min-h-11 [&_svg]:size-3"
    >
      {t("waiting.simulator")}
      <ExternalLink aria-hidden />
    </a>
  );
}

/** The buyer pays on the provider's page, in this tab or in its app, and comes back. */
export function WaitingForPage({
  view,
  lost,
  starting,
  asking,
  trouble,
  answer,
  actions,
  attempt,
  launch,
  offered,
}: CheckoutState & Launched<"redirect">) {
  const t = useT("checkout");
  const now = useNow(seconds(1));
  const provider = methodProvider(attempt.method);
  const app = t(`app.${provider}`);
  const alive = isAlive(launch, now);
  return (
    <>
      <StageHead
        tone="busy"
        sign={<Loader />}
        title={t("waiting.title")}
        note={lost ? t("waiting.lost") : alive ? t("waiting.opened", { app }) : t("waiting.linkExpired")}
      />
      <Lines>
        <Line label={t("method")}>
          <ProviderName provider={provider} />
        </Line>
        <div className="md:hidden">
          <Line label={t("payee")}>
            <span className="block truncate">{view.merchant}</span>
          </Line>
          <Line label={t("orderNo")}>
            <IdText value={view.orderNo} whole={view.orderNo.length <= 24} />
          </Line>
        </div>
      </Lines>
      <Actions>
        <TroubleLines trouble={trouble} />
        <AnswerLine>{answer && t(`answer.${answer}`)}</AnswerLine>
        <Button
          variant="primary"
          size="touch"
          busy={starting !== null}
          busyLabel={t("waiting.opening", { app })}
          onClick={() => actions.start(attempt.method)}
        >
          {t("waiting.reopen", { app })}
        </Button>
        <Button size="touch" busy={asking} busyLabel={t("waiting.checking")} onClick={actions.check}>
          {t("waiting.check")}
        </Button>
        {offered.length > 1 && (
          <Button variant="ghost" size="touch" onClick={actions.choose}>
            {t("waiting.other")}
          </Button>
        )}
      </Actions>
    </>
  );
}
