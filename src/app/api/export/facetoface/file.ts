import type { createTranslator } from "next-intl";
import type { z } from "zod";
import { FACETOFACE_STATUS_LABEL } from "~/domain/facetoface";
import { ListFacetoface } from "~/domain/facetoface-input";
import type { Locale } from "~/i18n/preferences";
import { csvPages } from "~/lib/csv";
import { beijingText } from "~/lib/time";
import type { Messages } from "~/messages";
import type { Ctx } from "~/server/context";
import * as facetoface from "~/server/services/facetoface";

type Words = ReturnType<typeof createTranslator<Messages, "facetoface">>;

/** The list as it is filtered, without paging: an export takes all of it. */
const ExportFacetoface = ListFacetoface.omit({ cursor: true, limit: true });

/** What `download` needs to know of this file; words and labels in the reader's language. */
export const facetofaceFile = (t: Words, lang: Locale) => ({
  name: "facetoface.export",
  permission: "export.create" as const,
  input: ExportFacetoface,
  async file(ctx: Ctx, filter: z.output<typeof ExportFacetoface>) {
    const pages = facetoface.exportFacetoface(ctx, ListFacetoface.parse(filter));
    return { fileName: `facetoface-${beijingText(ctx.now()).replace(/\D/g, "")}.csv`, lines: linesOf(pages, t, lang) };
  },
});

/** The columns of the list and what it only shows on request; times are Beijing wall clock. The merchant's link is no part of a file. */
function linesOf(pages: AsyncIterable<facetoface.ExportedFacetoface[]>, t: Words, lang: Locale): AsyncGenerator<string, void> {
  const head = [
    t("fact.orderNo"),
    t("column.batchNo"),
    t("column.merchant"),
    t("column.shop"),
    t("column.status"),
    t("tab.attention"),
    t("column.providerState"),
    t("csv.rate"),
    t("column.rejectReason"),
    t("column.createdAt"),
    t("fact.submittedAt"),
    t("fact.approvedAt"),
    t("column.endedAt"),
    t("column.lastQueryAt"),
    t("column.nextQueryAt"),
    t("csv.queries"),
    t("column.id"),
  ];
  return csvPages(head, pages, (row) => cellsOf(row, t, lang));
}

function cellsOf(row: facetoface.ExportedFacetoface, t: Words, lang: Locale) {
  const time = (at: Date | null) => at && beijingText(at);
  return [
    row.orderNo,
    row.batchNo,
    row.merchantName,
    row.shopName,
    row.closeReason ? t(`closed.${row.closeReason}`) : FACETOFACE_STATUS_LABEL[lang][row.status],
    row.attention && t(`attention.${row.attention}`),
    row.providerState,
    row.rate,
    row.rejectReason ?? row.failureCode,
    beijingText(row.createdAt),
    time(row.submittedAt),
    time(row.approvedAt),
    time(row.endedAt),
    time(row.lastQueryAt),
    time(row.nextQueryAt),
    row.queryCount,
    row.id,
  ];
}
