import { Store } from "lucide-react";
import { useState } from "react";
import { ProviderMark } from "~/components/provider-mark";
import { ThreeLines } from "~/components/three-lines";
import { Button } from "~/components/ui/button";
import { RadioRows } from "~/components/ui/choice";
import { type Method, methodProvider } from "~/domain/provider";
import { useT } from "~/i18n/use-t";
import { yuanDisplay } from "~/lib/money";
import type { CheckoutState } from "./checkout";
import { Actions, StageHead } from "./parts";
import { isCode } from "./stage";
import type { Trouble } from "./use-checkout";

export function Choose({ view, wishes, offered, starting, trouble, actions }: CheckoutState) {
  const t = useT("checkout");
  const [picked, setPicked] = useState(wishes.method);
  const method = picked && offered.includes(picked) ? picked : offered[0];
  const nameOf = useMethodName(offered);
  if (!method) return <NoMethod orderNo={view.orderNo} />;
  return (
    <>
      <h2 className="mb-4 text-lg font-strong">{t("choose.title")}</h2>
      <RadioRows
        large
        name="method"
        label={t("methods")}
        value={method}
        onChange={setPicked}
        rows={offered.map((one) => ({
          value: one,
          label: nameOf(one),
          note: isSecondary(one, offered) ? t("codeHint") : t(`hint.${one}`),
          mark: <ProviderMark provider={methodProvider(one)} large />,
        }))}
      />
      <Actions>
        <TroubleLines trouble={trouble} />
        <Button
          variant="primary"
          size="touch"
          busy={starting !== null}
          busyLabel={isCode(method) ? t("choose.making") : t("choose.paying", { method: nameOf(method) })}
          onClick={() => actions.start(method)}
        >
          {t("choose.pay", { method: nameOf(method), amount: yuanDisplay(view.amountFen) })}
        </Button>
        <p className="text-center text-xs text-ink-3">{t("choose.calm")}</p>
      </Actions>
    </>
  );
}

/** A code beside an app that opens by itself is for another phone, and is called a code. */
const isSecondary = (method: Method, offered: readonly Method[]): boolean =>
  isCode(method) && offered.some((one) => one === "alipay_wap" || one === "wechat_h5");

/** How a method is called among those offered here. */
export function useMethodName(offered: readonly Method[]): (method: Method) => string {
  const t = useT("checkout");
  return (method) =>
    (method === "alipay_qr" || method === "wechat_native") && isSecondary(method, offered) ? t(`codeName.${method}`) : t(`name.${method}`);
}

/** Why the last press came to nothing. Never about money: nothing was paid by it. */
export function TroubleLines({ trouble }: { trouble: Trouble | null }) {
  const t = useT("checkout");
  if (!trouble) return null;
  return (
    <div role="alert" className="border-t border-line pt-4 pb-1">
      <ThreeLines
        size="compact"
        what={t(`trouble.${trouble}.what`)}
        movement="none"
        money={t("trouble.money")}
        next={t(`trouble.${trouble}.next`)}
      />
    </div>
  );
}

function NoMethod({ orderNo }: { orderNo: string }) {
  const t = useT("checkout");
  return (
    <>
      <StageHead tone="plain" sign={<Store />} title={t("choose.none")} />
      <ThreeLines
        size="roomy"
        what={t("choose.noneWhat")}
        movement="none"
        money={t("trouble.money")}
        next={t("choose.noneNext", { orderNo })}
      />
    </>
  );
}
