import { X } from "lucide-react";
import { control } from "../control-client";
import { Button } from "../parts/controls";
import { Refusal } from "../parts/states";
import { usePreferences, useWords } from "../preferences";
import { useAct } from "../use-act";
import { useKnown } from "../use-live";
import { activeFaults } from "./fault-key";
import { scopeName } from "./scope-name";

/** What is broken on purpose right now, in every part of the sheet, with the way out of it. */
export function ActiveFaults() {
  const words = useWords();
  const { lang } = usePreferences();
  const { state, faults } = useKnown();
  const { run, failure } = useAct(async (keys: string[]) => {
    await control("PATCH", "faults", Object.fromEntries(keys.map((key) => [key, null])));
  });
  const active = activeFaults(faults.faults);
  if (active.length === 0) return <Refusal failure={failure} />;
  return (
    <div className="active-faults">
      <b>{words.faults.on(active.length)}</b>
      <ul>
        {active.map(([key, fault]) => {
          const name = scopeName(words, key, state.accounts);
          return (
            <li key={key} data-tip={faults.kinds.find(({ kind }) => kind === fault.kind)?.[lang]}>
              <span className="clip">{name}</span>
              <span className="mono">{fault.kind}</span>
              {fault.left !== null && <span>{words.faults.left(fault.left)}</span>}
              <button type="button" aria-label={words.faults.offOne(`${name} ${fault.kind}`)} onClick={() => run([key])}>
                <X aria-hidden />
              </button>
            </li>
          );
        })}
      </ul>
      <Button size="sm" onClick={() => run(active.map(([key]) => key))}>
        {words.faults.offAll}
      </Button>
      <Refusal failure={failure} />
    </div>
  );
}
