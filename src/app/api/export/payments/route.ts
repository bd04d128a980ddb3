import { ListPayments } from "~/domain/payment-input";
import { getLang, getT } from "~/i18n/get-t";
import { beijingText } from "~/lib/time";
import { download } from "~/server/api/download";
import * as payment from "~/server/services/payment";
import { paymentLines } from "./lines";

/** The list as it is filtered, without paging: an export takes all of it. */
const ExportPayments = ListPayments.omit({ cursor: true, limit: true });

export async function POST(request: Request): Promise<Response> {
  const [lang, t] = [await getLang(), await getT("payment")];
  return download(request, {
    name: "payment.export",
    permission: "export.create",
    input: ExportPayments,
    async file(ctx, filter) {
      const pages = payment.exportPayments(ctx, ListPayments.parse(filter));
      return { fileName: `payments-${beijingText(ctx.now()).replace(/\D/g, "")}.csv`, lines: paymentLines(pages, t, lang) };
    },
  });
}
