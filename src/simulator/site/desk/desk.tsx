import { useState } from "react";
import { Tabs } from "../parts/controls";
import { useWords } from "../preferences";
import { useKnown } from "../use-live";
import { Accounts } from "./accounts";
import { ActiveFaults } from "./active-faults";
import { ClockStrip } from "./clock-strip";
import { Deliveries } from "./deliveries";
import { activeFaults } from "./fault-key";
import { Faults } from "./faults";
import { Journal } from "./journal";
import { Refunds } from "./refunds";
import { Signing } from "./signing";
import { Statements } from "./statements";

const PANELS = {
  journal: Journal,
  faults: Faults,
  deliveries: Deliveries,
  refunds: Refunds,
  statements: Statements,
  signing: Signing,
  accounts: Accounts,
};
type Panel = keyof typeof PANELS;
const KEYS = Object.keys(PANELS) as Panel[];
const TAB = "tab";

/** The sheet: clock, what is broken on purpose, and the seven parts. The address remembers the part. */
export function Desk() {
  const words = useWords();
  const { state, faults, signing } = useKnown();
  const [panel, setPanel] = useState<Panel>(() => {
    const named = new URLSearchParams(location.search).get(TAB);
    return KEYS.find((key) => key === named) ?? "journal";
  });
  const turnTo = (next: Panel) => {
    setPanel(next);
    const url = new URL(location.href);
    url.searchParams.set(TAB, next);
    history.replaceState(null, "", url);
  };
  const counts: Record<Panel, number | undefined> = {
    journal: undefined,
    faults: activeFaults(faults.faults).length || undefined,
    deliveries: state.pendingDeliveries || undefined,
    refunds: state.refunds.filter((refund) => refund.state === "PROCESSING").length || undefined,
    statements: undefined,
    signing: signing.applications.filter(({ orderStatus }) => orderStatus === "MERCHANT_AUDITING").length || undefined,
    accounts: state.accounts.length || undefined,
  };
  const Shown = PANELS[panel];
  return (
    <section className="desk" id="desk" tabIndex={-1} aria-label={words.tabs.label}>
      <ClockStrip />
      <ActiveFaults />
      <Tabs
        label={words.tabs.label}
        panelId="panel"
        value={panel}
        onChange={turnTo}
        tabs={KEYS.map((key) => ({ key, label: words.tabs[key], count: counts[key] }))}
      />
      <div className="panel" id="panel" role="tabpanel" aria-label={words.tabs[panel]}>
        <Shown />
      </div>
    </section>
  );
}
