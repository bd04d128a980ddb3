import { getLang, getT } from "~/i18n/get-t";
import { download } from "~/server/api/download";
import { paymentsFile } from "./file";

export async function POST(request: Request): Promise<Response> {
  return download(request, paymentsFile(await getT("payment"), await getLang()));
}
