import { useEffect, useRef } from "react";

/** Gets a new code when the old one has run out while somebody looks at it: once, then it is up to them. */
export function useRenewal(due: boolean, renew: () => Promise<void>): void {
  const tried = useRef(false);
  const latest = useRef(renew);
  latest.current = renew;
  useEffect(() => {
    if (!due || tried.current || document.visibilityState !== "visible") return;
    tried.current = true;
    void latest.current();
  }, [due]);
}
