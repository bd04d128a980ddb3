"use client";

import { useFormContext, useWatch } from "react-hook-form";
import { Checkbox } from "~/components/ui/choice";
import { useNow } from "~/components/ui/clock";
import { Notice } from "~/components/ui/states";
import { creditCodeFits } from "~/domain/licence";
import { useT } from "~/i18n/use-t";
import { beijingDate } from "~/lib/time";
import { Place, TextField } from "./fields";
import type { FormValues } from "./values";

export function LicenceFields() {
  const t = useT("facetofaceForm");
  const { setValue, formState } = useFormContext<FormValues>();
  const [number, longTerm, until] = useWatch<FormValues, ["businessLicenseNo", "licenseLongTerm", "licenseValidUntil"]>({
    name: ["businessLicenseNo", "licenseLongTerm", "licenseValidUntil"],
  });
  const today = beijingDate(useNow(null));
  const code = number.replace(/\s/g, "").toUpperCase();
  const isSlip = code.length === 18 && !creditCodeFits(code);
  const isOver = !longTerm && until !== "" && until < today;
  return (
    <div className="grid gap-5">
      <div className="grid gap-2">
        <TextField name="businessLicenseNo" hint={t("licence.numberHint")} mono maxLength={24} spellCheck={false} optional />
        <div role="status" className="empty:-mt-2">
          {isSlip && <Notice tone="warning">{t("licence.slip")}</Notice>}
        </div>
      </div>
      <TextField name="businessLicenseMobile" hint={t("licence.mobileHint")} inputMode="tel" maxLength={20} className="max-w-60" optional />
      <fieldset className="grid gap-2">
        <legend className="pb-1 text-sm font-medium">{t("licence.validity")}</legend>
        <Place name="licenseLongTerm" className="text-sm">
          <Checkbox
            checked={longTerm}
            onChange={(event) => {
              setValue("licenseLongTerm", event.target.checked, { shouldDirty: true });
              // What the box means for the day beside it is looked at anew.
              setValue("licenseValidUntil", event.target.checked ? "" : until, {
                shouldDirty: true,
                shouldValidate: formState.isSubmitted,
              });
            }}
          >
            {t("field.licenseLongTerm")}
          </Checkbox>
        </Place>
        {!longTerm && <TextField name="licenseValidUntil" type="date" hint={t("licence.untilHint")} className="max-w-60" />}
        <div role="status" className="empty:-mt-2">
          {isOver && <Notice tone="warning">{t("licence.over")}</Notice>}
        </div>
      </fieldset>
    </div>
  );
}
