"use client";

import { Eye, EyeOff } from "lucide-react";
import { useEffect, useState } from "react";
import { CommandError } from "~/components/load-error";
import { Button } from "~/components/ui/button";
import { type Fact, RuledFacts } from "~/components/ui/facts";
import { loadRegions, regionName } from "~/domain/region";
import { useT } from "~/i18n/use-t";
import { api } from "~/trpc/client";
import { Pictures } from "./pictures";
import type { Rights } from "./rights";
import type { ApplicationDetail } from "./types";
import { useReason } from "./use-reason";

const PERSONAL = ["account", "contactName", "contactMobile", "contactEmail", "businessLicenseNo", "businessLicenseMobile"] as const;

/** What was handed in: who, where, and the pictures. Persons are masked until somebody who may looks, which is noted. */
export function Material({ detail, rights }: { detail: ApplicationDetail; rights: Rights }) {
  const t = useT("facetoface");
  const say = useReason();
  const unmask = api.facetoface.unmask.useMutation();
  const clear = unmask.data ?? null;
  const shown = clear ?? detail.masked;
  return (
    <>
      <div className="flex min-h-12 items-center gap-3">
        <h2 className="text-sm font-strong">{t("material.person")}</h2>
        <span className="grow" />
        <Button
          size="sm"
          variant="ghost"
          icon={clear ? <EyeOff /> : <Eye />}
          busy={unmask.isPending}
          reason={rights.unmask ? null : say("role", rights)}
          data-tip={rights.unmask && !clear ? t("material.unmaskHint") : undefined}
          onClick={() => (clear ? unmask.reset() : unmask.mutate({ orderId: detail.id }))}
        >
          {clear ? t("material.mask") : t("material.unmask")}
        </Button>
      </div>
      <CommandError error={unmask.error} noMoney className="pb-3" />
      <RuledFacts
        className="border-t border-line"
        facts={PERSONAL.map((name) => ({ label: t(`material.${name}`), value: shown[name] ?? <None /> }))}
      />
      <h2 className="pt-4.5 pb-2 text-sm font-strong">{t("material.shop")}</h2>
      <RuledFacts single className="border-t border-line" facts={useShopFacts(detail)} />
      <h2 className="pt-4.5 pb-2 text-sm font-strong">{t("material.pictures")}</h2>
      <Pictures pictures={detail.pictures} rights={rights} />
    </>
  );
}

const None = () => <span className="text-ink-3">–</span>;

function useShopFacts({ merchantName, shopName, shopAddress, licenseLongTerm, licenseValidUntil, remark }: ApplicationDetail): Fact[] {
  const t = useT("facetoface");
  const region = useRegion(shopAddress);
  const { longitude, latitude } = shopAddress;
  return [
    { label: t("column.merchant"), value: merchantName },
    { label: t("column.shop"), value: shopName },
    { label: t("material.address"), value: `${region}${shopAddress.detail}` },
    { label: t("material.place"), value: longitude && latitude ? <span className="code">{`${longitude}, ${latitude}`}</span> : <None /> },
    { label: t("material.validity"), value: licenseLongTerm ? t("material.longTerm") : (licenseValidUntil ?? <None />) },
    { label: t("material.remark"), value: remark ?? <None /> },
  ];
}

/** The codes until the table of names is there. */
function useRegion({ provinceCode, cityCode, districtCode }: ApplicationDetail["shopAddress"]): string {
  const [name, setName] = useState<string | null>(null);
  useEffect(() => {
    let here = true;
    void loadRegions().then((table) => here && setName(regionName(table, { provinceCode, cityCode, districtCode })));
    return () => {
      here = false;
    };
  }, [provinceCode, cityCode, districtCode]);
  return name ?? `${districtCode} `;
}
