import { useState } from "react";
import type { FaultKindView } from "../../control/types";
import { control } from "../control-client";
import { Switch } from "../parts/controls";
import { Refusal } from "../parts/states";
import { usePreferences, useWords } from "../preferences";
import { useAct } from "../use-act";
import { useKnown } from "../use-live";
import { type Draft, draftOf, EMPTY_DRAFT, extraOf, faultFrom, isBad, isOn, LIMITS } from "./fault-key";

/** One kind of fault in one scope: its switch, how often it strikes, and how often it did. */
export function FaultRow({ scopeKey, kind }: { scopeKey: string; kind: FaultKindView }) {
  const words = useWords();
  const { lang } = usePreferences();
  const { faults } = useKnown();
  const fault = faults.faults[scopeKey];
  const mine = fault?.kind === kind.kind ? fault : undefined;
  const on = isOn(mine);
  const [draft, setDraft] = useState<Draft>(mine ? draftOf(mine) : EMPTY_DRAFT);
  const { run, failure } = useAct(async (next: ReturnType<typeof faultFrom>) => {
    await control("PATCH", "faults", { [scopeKey]: next });
  });
  const extra = extraOf(kind.kind);
  const edit = (field: keyof Draft, text: string) => setDraft({ ...draft, [field]: text });
  /** A switch that is on follows its fields as they are left. */
  const apply = () => {
    const next = faultFrom(kind.kind, draft);
    const asked = JSON.stringify(next);
    if (on && next && asked !== JSON.stringify(faultFrom(kind.kind, draftOf(mine)))) run(next);
  };
  const turn = (wanted: boolean) => {
    const next = wanted ? faultFrom(kind.kind, draft) : null;
    if (!wanted || next) run(next);
  };
  const total = faults.counts[kind.kind] ?? 0;
  const field = (name: keyof Draft, label: string, fallback: string) => (
    <FaultField
      label={`${label} ${kind.kind}`}
      hint={label}
      name={name}
      text={draft[name]}
      fallback={fallback}
      onEdit={(text) => edit(name, text)}
      onLeave={apply}
    />
  );
  return (
    <div className="fault" data-on={on || undefined}>
      <Switch label={words.faults.turn(kind[lang])} on={on} onChange={turn} />
      <div className="fault-what">
        <span>{kind[lang]}</span>
        <span className="mono">{kind.kind}</span>
      </div>
      {field("times", words.faults.times, words.faults.unlimited)}
      {field("percent", words.faults.percent, "100")}
      {extra ? field(extra, words.faults[extra === "delayMs" ? "delay" : "copies"], DEFAULTS[kind.kind] ?? "") : <span className="extra" />}
      <p className="fault-count">
        {mine ? (
          <>
            <b>{mine.struck}</b>
            {mine.left !== null && <span className="of">{mine.left === 0 ? words.faults.usedUp : words.faults.left(mine.left)}</span>}
          </>
        ) : (
          total > 0 && <span className="of">{words.faults.total(total)}</span>
        )}
      </p>
      <Refusal failure={failure} />
    </div>
  );
}

/** What the simulator takes where nothing is typed, in the field's unit. */
const DEFAULTS: Record<string, string> = { slow: "3000", late_answer: "3000", late: "600000", repeat: "3" };

type FieldProps = {
  label: string;
  hint: string;
  name: keyof Draft;
  text: string;
  fallback: string;
  onEdit: (text: string) => void;
  onLeave: () => void;
};

function FaultField({ label, hint, name, text, fallback, onEdit, onLeave }: FieldProps) {
  const { faults } = useWords();
  const bad = isBad(name, text);
  const [from, to] = LIMITS[name];
  return (
    <label className={`fault-field ${name === "delayMs" || name === "copies" ? "extra" : ""}`}>
      <span>{hint}</span>
      <input
        aria-label={label}
        inputMode="numeric"
        autoComplete="off"
        placeholder={fallback}
        value={text}
        aria-invalid={bad}
        aria-description={bad ? faults.badNumber(from, to.toLocaleString("en-US")) : undefined}
        data-tip={bad ? faults.badNumber(from, to.toLocaleString("en-US")) : undefined}
        onChange={(event) => onEdit(event.target.value.trim())}
        onBlur={onLeave}
        onKeyDown={(event) => event.key === "Enter" && onLeave()}
      />
    </label>
  );
}
