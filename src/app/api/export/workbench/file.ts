import type { createTranslator } from "next-intl";
import { GetWorkbench, type GetWorkbenchInput } from "~/domain/dashboard";
import { CASE_KIND_LABEL } from "~/domain/exception";
import { METHOD_LABEL } from "~/domain/provider";
import type { Locale } from "~/i18n/preferences";
import { type CsvCell, csvLine } from "~/lib/csv";
import type { Fen } from "~/lib/money";
import { beijingText } from "~/lib/time";
import type { Messages } from "~/messages";
import type { Ctx } from "~/server/context";
import * as dashboard from "~/server/services/dashboard";

type Words = ReturnType<typeof createTranslator<Messages, "dashboard">>;

const money = (fen: Fen | null | undefined): CsvCell => (fen == null ? null : { fen });

/** What `download` needs to know of this file; words and labels in the reader's language. */
export const reportFile = (t: Words, lang: Locale) => ({
  name: "dashboard.export",
  permission: "export.create" as const,
  input: GetWorkbench,
  async file(ctx: Ctx, input: GetWorkbenchInput) {
    const report = await dashboard.exportWorkbench(ctx, input);
    return { fileName: `report-${input.range}-${beijingText(report.asOf).replace(/\D/g, "")}.csv`, lines: reportLines(report, t, lang) };
  },
});

/** The workbench as lines of one shape: part, name, yuan and count, and the same of the time before. */
async function* reportLines(report: dashboard.Workbench, t: Words, lang: Locale): AsyncGenerator<string, void> {
  const { figures, risk, methods, trend, range, asOf } = report;
  const { paid, created, pending, success } = figures;
  const head = [t("csv.section"), t("csv.name"), t("csv.yuan"), t("csv.count"), t("csv.beforeYuan"), t("csv.beforeCount")];
  const rows: CsvCell[][] = [
    [t("csv.figures"), t("csv.asOf", { time: beijingText(asOf) }), null, null, null, null],
    [t("csv.figures"), t(`figure.paid.${range}`), money(paid.fen), paid.count, money(paid.before?.fen), paid.before?.count ?? null],
    [
      t("csv.figures"),
      t(`figure.created.${range}`),
      money(created.fen),
      created.count,
      money(created.before?.fen),
      created.before?.count ?? null,
    ],
    [t("csv.figures"), t("figure.pending"), money(pending.fen), pending.count, null, null],
    [t("csv.figures"), t("csv.ended"), null, success.ended, null, success.before?.ended ?? null],
    ...risk.kinds.map((one) => [t("csv.risk"), CASE_KIND_LABEL[lang][one.kind], money(one.totalFen), one.count, null, null]),
    ...methods.flatMap(({ method, paidFen, paidCount, attempts }) => [
      [t("csv.methods"), METHOD_LABEL[lang][method], money(paidFen), paidCount, null, null],
      [t("csv.methods"), t("csv.attempts", { method: METHOD_LABEL[lang][method] }), null, attempts, null, null],
    ]),
    ...trend.points.map(({ at, ours, compare }) => [t("csv.trend"), beijingText(at), money(ours), null, money(compare), null]),
  ];
  yield [head, ...rows].map(csvLine).join("");
}
