import { useState } from "react";
import { ControlFailure } from "./control-client";

/** A deed that may be refused: runs once at a time, keeps the refusal to be shown beside its button. */
export function useAct<Args extends unknown[]>(deed: (...args: Args) => Promise<void>) {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<ControlFailure | null>(null);
  const run = async (...args: Args): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setFailure(null);
    try {
      await deed(...args);
    } catch (error) {
      if (!(error instanceof ControlFailure)) throw error;
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  return { run, busy, failure };
}
