"use client";

import Link from "next/link";
import { ThreeLines } from "~/components/three-lines";
import { PROVIDER_LABEL } from "~/domain/provider";
import { useLang, useT } from "~/i18n/use-t";
import { yuanDisplay } from "~/lib/money";
import { paths } from "~/lib/paths";
import type { PaymentDetail } from "./detail";

/** 三行说明 above everything, for each open case and each provider that owes an answer. Nothing on a normal day. */
export function PaymentTrouble({ detail: { attempts, cases, entries } }: { detail: PaymentDetail }) {
  const t = useT("payment");
  const lang = useLang();
  const silent = [...new Set(attempts.filter(({ status }) => status === "unknown").map(({ provider }) => provider))];
  const open = cases.filter(({ status }) => status === "open");
  if (silent.length + open.length === 0) return null;
  // An amount that came in a message is only believed, and booked, once the provider itself confirmed it.
  const booked = entries.some(({ account }) => account === "at_risk");
  return (
    <div className="grid gap-4 border-b border-line py-4">
      {open.map((one) => {
        const amounts = { amount: yuanDisplay(one.amountFen), expected: yuanDisplay(one.expectedFen ?? one.amountFen) };
        return (
          <ThreeLines
            key={one.id}
            size="compact"
            movement="unknown"
            what={t(`trouble.${one.kind}.what`, amounts)}
            money={one.kind === "wrong_amount" && !booked ? t("trouble.moneyUnsure") : t(`trouble.${one.kind}.money`)}
            next={
              <>
                {t(`trouble.${one.kind}.next`)}{" "}
                <Link className="link" href={paths.exception(one.id)} prefetch={false}>
                  {t("trouble.open")}
                </Link>
              </>
            }
          />
        );
      })}
      {silent.map((provider) => (
        <ThreeLines
          key={provider}
          size="compact"
          movement="unknown"
          what={t("trouble.unknown.what", { provider: PROVIDER_LABEL[lang][provider] })}
          money={t("trouble.unknown.money")}
          next={t("trouble.unknown.next")}
        />
      ))}
    </div>
  );
}
