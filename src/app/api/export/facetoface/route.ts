import { getLang, getT } from "~/i18n/get-t";
import { download } from "~/server/api/download";
import { facetofaceFile } from "./file";

export async function POST(request: Request): Promise<Response> {
  return download(request, facetofaceFile(await getT("facetoface"), await getLang()));
}
