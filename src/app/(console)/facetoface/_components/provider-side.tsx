"use client";

import { useMemo } from "react";
import { Chip, type Tone } from "~/components/ui/chip";
import { type Column, DataTable } from "~/components/ui/table";
import { useT } from "~/i18n/use-t";
import { useProviderWord } from "./application-chip";
import type { ApplicationDetail } from "./types";

type Product = NonNullable<ApplicationDetail["products"]>[number];

const TONES = {
  none: "off",
  valid: "ok",
  restrictValid: "ok",
  audit: "busy",
  waitConfirm: "wait",
  auditReject: "bad",
  invalid: "off",
  restrictInvalid: "off",
} as const satisfies Record<string, Tone>;
const isKnown = (status: string): status is keyof typeof TONES => Object.hasOwn(TONES, status);

/** What Alipay itself says: its word for the application, and each product's state. */
export function ProviderSide({ detail: { providerState, products } }: { detail: ApplicationDetail }) {
  const t = useT("facetoface");
  const word = useProviderWord();
  const columns = useMemo<Column<Product>[]>(
    () => [
      {
        key: "product",
        name: t("product.name"),
        cell: (row) => <span data-tip={row.code}>{row.name ?? <span className="code">{row.code}</span>}</span>,
        phone: "title",
      },
      {
        key: "status",
        name: t("product.status"),
        cell: (row) => (
          <span data-tip={row.status} className="inline-flex">
            {isKnown(row.status) ? <Chip tone={TONES[row.status]}>{t(`product.${row.status}`)}</Chip> : <Chip>{row.status}</Chip>}
          </span>
        ),
        phone: "chip",
      },
      {
        key: "reason",
        name: t("product.reason"),
        cell: (row) => row.rejectReason ?? <span className="text-ink-3">–</span>,
        phone: "meta",
        className: "whitespace-normal",
      },
    ],
    [t],
  );
  if (!providerState && !products?.length) return null;
  return (
    <>
      <h2 className="pt-4.5 pb-2 text-sm font-strong">{t("detail.provider")}</h2>
      {providerState && <p className="code pb-2 text-ink-2">{word(providerState)}</p>}
      {products && products.length > 0 && (
        <DataTable
          inset
          label={t("detail.products")}
          columns={columns}
          rows={products}
          rowKey={(row) => row.code}
          empty={<p className="py-3 text-ink-3">{t("product.empty")}</p>}
        />
      )}
    </>
  );
}
