"use client";

import { useState } from "react";
import { useFormContext, useWatch } from "react-hook-form";
import { Button } from "~/components/ui/button";
import { Checkbox } from "~/components/ui/choice";
import { Field } from "~/components/ui/field";
import { Input } from "~/components/ui/input";
import { ListPicker } from "~/components/ui/list-picker";
import { Popover } from "~/components/ui/popover";
import { categoryName, MCC_CATEGORIES, MCC_TABLE_URL } from "~/domain/mcc";
import { useLang, useT } from "~/i18n/use-t";
import { AddressFields } from "./address-fields";
import { Place, TextField, useFieldWords } from "./fields";
import type { FormValues } from "./values";

export function ShopFields() {
  return (
    <div className="grid gap-5">
      <TextField name="shopName" maxLength={128} required />
      <AddressFields />
      <CategoryField />
      <RateFields />
    </div>
  );
}

/** Any code of Alipay's table may be typed; those whose names we know may be searched for. */
function CategoryField() {
  const t = useT("facetofaceForm");
  const lang = useLang();
  const { register, setValue } = useFormContext<FormValues>();
  const code = useWatch<FormValues, "mccCode">({ name: "mccCode" });
  const [open, setOpen] = useState(false);
  const name = categoryName(code.trim().toUpperCase(), lang);
  return (
    <Place name="mccCode" className="grid gap-1">
      <Field label={t("field.mccCode")} hint={name ?? t("category.hint")} error={useFieldWords("mccCode")} required>
        <div className="flex gap-2">
          <Input mono autoComplete="off" maxLength={16} placeholder="A0001_B0001" {...register("mccCode")} />
          <Popover
            open={open}
            onOpenChange={setOpen}
            label={t("category.pick")}
            align="end"
            className="w-[min(420px,calc(100vw-32px))] p-1"
            trigger={<Button aria-haspopup="listbox">{t("category.pick")}</Button>}
          >
            <ListPicker
              label={t("category.pick")}
              value={code}
              options={MCC_CATEGORIES.map((category) => ({
                value: category.code,
                label: category[lang],
                text: `${category.code} ${category.zh} ${category.en}`,
                note: category.code,
              }))}
              onPick={(picked) => {
                setValue("mccCode", picked, { shouldDirty: true, shouldTouch: true, shouldValidate: true });
                setOpen(false);
              }}
            />
          </Popover>
        </div>
      </Field>
      <a href={MCC_TABLE_URL} target="_blank" rel="noreferrer" className="link justify-self-start text-xs max-md:min-h-11">
        {t("category.table")}
      </a>
    </Place>
  );
}

/** Alipay needs the rate only where we sign for the merchant as well. */
function RateFields() {
  const t = useT("facetofaceForm");
  const { register, setValue, trigger, formState } = useFormContext<FormValues>();
  const signs = useWatch<FormValues, "signAndAuth">({ name: "signAndAuth" });
  return (
    <div className="grid gap-5">
      <Place name="signAndAuth" className="grid gap-1 text-sm">
        <Checkbox
          checked={signs}
          onChange={(event) => {
            setValue("signAndAuth", event.target.checked, { shouldDirty: true });
            if (formState.isSubmitted) void trigger("rate");
          }}
          aria-describedby="sign-and-auth-hint"
        >
          {t("field.signAndAuth")}
        </Checkbox>
        <p id="sign-and-auth-hint" className="text-xs leading-[18px] text-ink-3">
          {t("rate.signHint")}
        </p>
      </Place>
      <Place name="rate">
        <Field
          label={t("field.rate")}
          hint={signs ? t("rate.hintNeeded") : t("rate.hint")}
          error={useFieldWords("rate")}
          required={signs}
          optional={!signs}
        >
          <span className="relative flex w-36">
            <Input
              inputMode="decimal"
              autoComplete="off"
              maxLength={8}
              placeholder="0.38"
              className="pr-8 text-right"
              {...register("rate")}
            />
            <span aria-hidden className="pointer-events-none absolute inset-y-0 right-2.5 flex items-center text-ink-3">
              %
            </span>
          </span>
        </Field>
      </Place>
    </div>
  );
}
