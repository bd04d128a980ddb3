"use client";

import { useState } from "react";
import { useT } from "~/i18n/use-t";
import { type Fen, fenFromText, yuanDisplay } from "~/lib/money";
import { Button } from "./button";
import { FilterPopover } from "./filter-bar";
import { MoneyInput } from "./money-input";

type FilterAmountProps = {
  label: string;
  /** Fen in decimal, as the URL carries them; empty is no bound. */
  min: string;
  max: string;
  onChange: (bounds: { min: string; max: string }) => void;
};

const read = (text: string): Fen | null => (/^\d{1,15}$/.test(text) ? fenFromText(text) : null);

/** From–to in yuan, both ends included. */
export function FilterAmount({ label, min, max, onChange }: FilterAmountProps) {
  const t = useT("common");
  const [open, setOpen] = useState(false);
  const [from, setFrom] = useState<Fen | null>(read(min));
  const [to, setTo] = useState<Fen | null>(read(max));
  const low = read(min);
  const high = read(max);
  const shown =
    low === null && high === null
      ? null
      : low === null
        ? `≤ ${yuanDisplay(high as Fen)}`
        : high === null
          ? `≥ ${yuanDisplay(low)}`
          : `${yuanDisplay(low)} – ${yuanDisplay(high)}`;
  const wrong = from !== null && to !== null && from > to;
  return (
    <FilterPopover
      label={label}
      value={shown}
      open={open}
      onOpenChange={(next) => {
        if (next) {
          setFrom(low);
          setTo(high);
        }
        setOpen(next);
      }}
      onClear={() => onChange({ min: "", max: "" })}
      className="w-72"
    >
      <form
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          onChange({ min: from === null ? "" : String(from), max: to === null ? "" : String(to) });
          setOpen(false);
        }}
      >
        <div className="flex items-center gap-2">
          <MoneyInput aria-label={`${label} ≥`} value={from} onChange={setFrom} />
          <span aria-hidden className="text-ink-3">
            –
          </span>
          <MoneyInput aria-label={`${label} ≤`} value={to} onChange={setTo} />
        </div>
        <Button type="submit" variant="primary" className="justify-self-end" reason={wrong && t("moneyInput.invalid")}>
          {t("date.apply")}
        </Button>
      </form>
    </FilterPopover>
  );
}
