"use client";

import { useEffect, useState } from "react";
import { useFormContext, useWatch } from "react-hook-form";
import { Field } from "~/components/ui/field";
import { Select } from "~/components/ui/select";
import { citiesOf, districtsOf, loadRegions, type RegionTable } from "~/domain/region";
import { useT } from "~/i18n/use-t";
import { Place, TextField, useFieldWords } from "./fields";
import type { FormValues } from "./values";

const LEVELS = ["provinceCode", "cityCode", "districtCode"] as const;

/** Province, city, district, one after the other. Their table comes when somebody arrives here, or when there are codes to name. */
export function AddressFields() {
  const [table, setTable] = useState<RegionTable | null>(null);
  const codes = useWatch<FormValues, typeof LEVELS>({ name: LEVELS });
  const [wanted, setWanted] = useState(false);
  const isWanted = wanted || codes.some(Boolean);
  useEffect(() => {
    if (!isWanted) return;
    let isHere = true;
    void loadRegions().then((loaded) => isHere && setTable(loaded));
    return () => {
      isHere = false;
    };
  }, [isWanted]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only notices that somebody is coming
    <div className="grid gap-5" onFocus={() => setWanted(true)} onPointerEnter={() => setWanted(true)}>
      <div className="grid gap-5 md:grid-cols-3 md:gap-3">
        {LEVELS.map((name, index) => (
          <Level key={name} name={name} table={table} above={index === 0 ? null : (codes[index - 1] ?? "")} />
        ))}
      </div>
      <TextField name="detail" hint={<AddressHint />} maxLength={200} required />
    </div>
  );
}

const AddressHint = () => useT("facetofaceForm")("address.detailHint");

type LevelProps = { name: (typeof LEVELS)[number]; table: RegionTable | null; above: string | null };

function Level({ name, table, above }: LevelProps) {
  const t = useT("facetofaceForm");
  const form = useFormContext<FormValues>();
  const value = useWatch<FormValues, typeof name>({ name });
  const options = (table ? placesOf(table, name, above) : []).map(([code, label]) => ({ value: code, label }));
  const pick = (code: string) => {
    const isMending = form.formState.isSubmitted;
    const set = (field: (typeof LEVELS)[number], next: string) =>
      form.setValue(field, next, { shouldDirty: true, shouldTouch: next !== "", shouldValidate: isMending || next !== "" });
    set(name, code);
    // What lies below belongs to another place now; where there is only one, there is nothing to choose.
    for (const below of LEVELS.slice(LEVELS.indexOf(name) + 1)) {
      const places = table && code ? placesOf(table, below, code) : [];
      code = places.length === 1 ? (places[0]?.[0] ?? "") : "";
      set(below, code);
    }
  };
  return (
    <Place name={name}>
      <Field label={t(`field.${name}`)} error={useFieldWords(name)} required>
        <Select
          label={t(`field.${name}`)}
          placeholder={above === "" ? t(`address.after.${name}`) : t("address.choose")}
          value={value}
          onChange={pick}
          options={options}
          disabled={above === ""}
        />
      </Field>
    </Place>
  );
}

function placesOf(
  table: RegionTable,
  level: (typeof LEVELS)[number],
  above: string | null,
): readonly (readonly [code: string, name: string, ...unknown[]])[] {
  if (level === "provinceCode") return table;
  return level === "cityCode" ? citiesOf(table, above ?? "") : districtsOf(table, above ?? "");
}
