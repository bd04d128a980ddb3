import { useEffect, useState } from "react";
import type { Provider } from "~/domain/provider";
import type { StatementChange, StatementView } from "../../control/types";
import { ControlFailure, control } from "../control-client";
import { useAct } from "../use-act";
import { useKnown } from "../use-live";

export type StatementOf = { provider: Provider; account: string; day: string };

/** One day's statement, read again with every change at the simulator; null until it is known. */
export function useStatement({ provider, account, day }: StatementOf) {
  const { state } = useKnown();
  const [view, setView] = useState<StatementView | null>(null);
  const [unread, setUnread] = useState<ControlFailure | null>(null);
  const act = useAct(async (changes: StatementChange[]) => {
    setView(await control<StatementView>("POST", "statements", { provider, account, day, changes }));
  });
  // `state` is not used: a new one says that something changed.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    let isOver = false;
    control<StatementView>("GET", `statements?${new URLSearchParams({ provider, account, day })}`).then(
      (fresh) => {
        if (isOver) return;
        setView(fresh);
        setUnread(null);
      },
      (error: unknown) => {
        if (!(error instanceof ControlFailure)) throw error;
        if (!isOver) setUnread(error);
      },
    );
    return () => {
      isOver = true;
    };
  }, [provider, account, day, state]);
  const isShown = view?.provider === provider && view.merchant === account && view.day === day;
  return { view: isShown ? view : null, plant: act.run, busy: act.busy, failure: act.failure ?? unread };
}
