import { clsx } from "clsx";
import { Clock } from "lucide-react";
import { Money, Total } from "~/components/money";
import { useNow } from "~/components/ui/clock";
import { IdText } from "~/components/ui/id";
import { Countdown, Duration, Time } from "~/components/ui/time";
import { useT } from "~/i18n/use-t";
import { yuanDisplay } from "~/lib/money";
import { days, seconds } from "~/lib/time";
import { COPY_AT_EDGE, Line, Lines } from "./parts";
import type { CheckoutView, Stage } from "./stage";
import { untilText } from "./until";

/** What is owed: the amount, for what, until when; on the slip its lines and the total under a double rule. */
export function Bill({ view, stage }: { view: CheckoutView; stage: Stage }) {
  const t = useT("checkout");
  const settled = stage.name === "paid" || (stage.name === "doubt" && view.paidAt !== null);
  const runs = stage.name === "choose" || stage.name === "waiting" || stage.name === "failed" || stage.name === "checking";
  const long = yuanDisplay(view.amountFen).length > 12;
  return (
    <section
      aria-label={t("bill")}
      className="flex min-w-0 flex-col p-10 max-[960px]:p-6 max-md:border-b max-md:border-line max-md:px-4 max-md:pt-6 max-md:pb-5"
    >
      <p className="text-ink-2">{settled ? t("paid") : t("due")}</p>
      <p className={clsx("figure-large my-1 text-4xl", long && "max-[960px]:text-3xl")}>
        <Money fen={view.amountFen} yen />
      </p>
      <h1 className="text-lg break-words">{view.subject}</h1>
      <Remaining view={view} className={runs ? "" : "invisible max-md:hidden"} />
      <Lines className="mt-auto pt-10 max-md:hidden print:block">
        <Line label={t("payee")}>
          <span data-tip={view.merchant} className="block truncate">
            {view.merchant}
          </span>
        </Line>
        <Line label={t("orderNo")}>
          <IdText value={view.orderNo} thing={t("copyOrderNo")} whole={view.orderNo.length <= 24} className={COPY_AT_EDGE} />
        </Line>
        {view.body && (
          <Line label={t("note")}>
            <span data-tip={view.body} className="block truncate">
              {view.body}
            </span>
          </Line>
        )}
        <Line label={t("orderedAt")}>
          <Time at={view.createdAt} kind="list" />
        </Line>
      </Lines>
      <p className="flex h-12 items-center justify-between gap-4 border-t border-ink text-md font-strong max-md:hidden print:flex">
        <span>{settled ? t("paidTotal") : t("dueTotal")}</span>
        <Total>
          <Money fen={view.amountFen} yen />
        </Total>
      </p>
    </section>
  );
}

/** Keeps its place when the time does not count any more, so nothing moves on the slip. */
function Remaining({ view, className }: { view: CheckoutView; className: string }) {
  const t = useT("common");
  const now = useNow(seconds(1));
  const leftMs = view.expiresAt.getTime() - now.getTime();
  return (
    <p className={clsx("mt-5 flex flex-wrap items-center gap-x-2 max-md:mt-3", className)}>
      <span className="inline-flex items-center gap-1.5 text-ink-2 [&_svg]:size-3.5">
        <Clock aria-hidden />
        {t("remaining")}
      </span>
      <b className="text-lg font-strong">{leftMs >= days(1) ? <Duration ms={leftMs} /> : <Countdown until={view.expiresAt} />}</b>
      <span className="text-ink-3">{t("expiresAt", { time: untilText(view.expiresAt, now) })}</span>
    </p>
  );
}
