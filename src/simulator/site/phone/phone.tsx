import { PROVIDERS } from "~/domain/provider";
import { Tabs } from "../parts/controls";
import { ProviderMark } from "../parts/show";
import { useWords } from "../preferences";
import { useKnown, useNow } from "../use-live";
import { Cashier } from "./cashier";
import { End } from "./end";
import { Orders } from "./orders";
import { keyOf, stageOf, tradesOf } from "./trade";
import { usePhone } from "./use-phone";

/** The buyer's phone with both apps. */
export function Phone() {
  const words = useWords();
  const { state } = useKnown();
  const now = useNow();
  const phone = usePhone();
  const { shown } = phone;
  const stage = shown && stageOf(shown.trade, now);
  const ending = shown?.ending ?? (stage === "open" ? null : stage);
  return (
    <section className="phone" aria-label={words.phone.label}>
      <Tabs
        className="phone-tabs"
        label={words.phone.label}
        panelId="screen"
        value={phone.provider}
        onChange={phone.turnTo}
        tabs={PROVIDERS.map((provider) => ({
          key: provider,
          label: (
            <>
              <ProviderMark provider={provider} />
              {words.providerTab[provider]}
            </>
          ),
          count: tradesOf(state, provider, now).open.length || undefined,
        }))}
      />
      <div className="screen" id="screen" role="tabpanel" aria-label={words.provider[phone.provider]}>
        {!shown ? (
          <Orders phone={phone} />
        ) : ending ? (
          <End key={`${keyOf(shown.trade)}/${ending}`} phone={phone} trade={shown.trade} ending={ending} />
        ) : (
          <Cashier key={keyOf(shown.trade)} phone={phone} trade={shown.trade} />
        )}
      </div>
    </section>
  );
}
