import { getLang, getT } from "~/i18n/get-t";
import { download } from "~/server/api/download";
import { reportFile } from "./file";

export async function POST(request: Request): Promise<Response> {
  return download(request, reportFile(await getT("dashboard"), await getLang()));
}
