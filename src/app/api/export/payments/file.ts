import type { createTranslator } from "next-intl";
import type { z } from "zod";
import { CASE_KIND_LABEL } from "~/domain/exception";
import { PAYMENT_STATUS_LABEL } from "~/domain/payment";
import { ListPayments } from "~/domain/payment-input";
import { METHOD_LABEL } from "~/domain/provider";
import type { Locale } from "~/i18n/preferences";
import { csvPages } from "~/lib/csv";
import { beijingText } from "~/lib/time";
import type { Messages } from "~/messages";
import type { Ctx } from "~/server/context";
import * as payment from "~/server/services/payment";

type Words = ReturnType<typeof createTranslator<Messages, "payment">>;

/** The list as it is filtered, without paging: an export takes all of it. */
const ExportPayments = ListPayments.omit({ cursor: true, limit: true });

/** What `download` needs to know of this file; words and labels in the reader's language. */
export const paymentsFile = (t: Words, lang: Locale) => ({
  name: "payment.export",
  permission: "export.create" as const,
  input: ExportPayments,
  async file(ctx: Ctx, filter: z.output<typeof ExportPayments>) {
    const pages = payment.exportPayments(ctx, ListPayments.parse(filter));
    return { fileName: `payments-${beijingText(ctx.now()).replace(/\D/g, "")}.csv`, lines: paymentLines(pages, t, lang) };
  },
});

/** The columns of the list and what it only shows on request; times are Beijing wall clock, amounts numbers in yuan. */
function paymentLines(pages: AsyncIterable<payment.ExportedPayment[]>, t: Words, lang: Locale): AsyncGenerator<string, void> {
  const yuan = (name: "amount" | "refunded") => t("csv.yuan", { name: t(`column.${name}`) });
  const head = [
    t("column.orderNo"),
    t("column.subject"),
    yuan("amount"),
    yuan("refunded"),
    t("column.method"),
    t("csv.attempts"),
    t("column.status"),
    t("csv.uncertain"),
    t("column.createdAt"),
    t("column.paidAt"),
    t("column.expiresAt"),
    t("column.closeReason"),
    t("column.id"),
  ];
  return csvPages(head, pages, (row) => cellsOf(row, t, lang));
}

function cellsOf(row: payment.ExportedPayment, t: Words, lang: Locale) {
  const uncertain = [...row.openCases.map((kind) => CASE_KIND_LABEL[lang][kind]), ...(row.inDoubt ? [t("csv.noAnswer")] : [])];
  return [
    row.orderNo,
    row.subject,
    { fen: row.amountFen },
    { fen: row.refundedFen },
    row.method && METHOD_LABEL[lang][row.method],
    row.attempts,
    PAYMENT_STATUS_LABEL[lang][row.status],
    uncertain.join(" / "),
    beijingText(row.createdAt),
    row.paidAt && beijingText(row.paidAt),
    beijingText(row.expiresAt),
    row.closeReason && t(`fact.closedWhy.${row.closeReason}`),
    row.id,
  ];
}
