import { GetWorkbench } from "~/domain/dashboard";
import { getLang, getT } from "~/i18n/get-t";
import { beijingText } from "~/lib/time";
import { download } from "~/server/api/download";
import * as dashboard from "~/server/services/dashboard";
import { reportLines } from "./lines";

export async function POST(request: Request): Promise<Response> {
  const [lang, t] = [await getLang(), await getT("dashboard")];
  return download(request, {
    name: "dashboard.export",
    permission: "export.create",
    input: GetWorkbench,
    async file(ctx, input) {
      const figures = await dashboard.exportWorkbench(ctx, input);
      return {
        fileName: `report-${input.range}-${beijingText(figures.asOf).replace(/\D/g, "")}.csv`,
        lines: reportLines(figures, t, lang),
      };
    },
  });
}
