import { useState } from "react";
import { control } from "../control-client";
import { Button } from "../parts/controls";
import { Dialog } from "../parts/dialog";
import { Refusal } from "../parts/states";
import { useWords } from "../preferences";
import { useAct } from "../use-act";
import { useFeed, useKnown } from "../use-live";

/** Begins anew. Accounts stay unless asked for: without them no channel of the platform works. */
export function Reset() {
  const { reset: words, cancel } = useWords();
  const { retry } = useFeed();
  const { state, signing } = useKnown();
  const [open, setOpen] = useState(false);
  const [accounts, setAccounts] = useState(false);
  const { run, busy, failure } = useAct(async () => {
    await control("POST", "reset", { accounts });
    retry();
    close();
  });
  const close = () => {
    setOpen(false);
    setAccounts(false);
  };
  return (
    <>
      <Button look="ghost" onClick={() => setOpen(true)}>
        {words.button}
      </Button>
      <Dialog
        open={open}
        onClose={close}
        busy={busy}
        title={words.title}
        actions={
          <>
            <Button data-first-focus onClick={close}>
              {cancel}
            </Button>
            <Button look="danger" busy={busy} busyLabel={words.busy} onClick={() => run()}>
              {words.verb}
            </Button>
          </>
        }
      >
        <ul>
          <li>{words.effects(state.trades.length, state.refunds.length, state.deliveries.length, signing.applications.length)}</li>
          <li>{words.platform}</li>
          <li>{words.clock}</li>
        </ul>
        <label className="check">
          <input type="checkbox" checked={accounts} onChange={(event) => setAccounts(event.target.checked)} />
          <span>
            {words.accounts(state.accounts.length)}
            <small>{words.accountsNote}</small>
          </span>
        </label>
        <p>
          <b>{words.final}</b>
        </p>
        <Refusal failure={failure} />
      </Dialog>
    </>
  );
}
