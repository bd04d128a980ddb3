import { showPicture } from "~/server/api/pictures";

export async function GET(request: Request, { params }: { params: Promise<{ pictureId: string }> }): Promise<Response> {
  return showPicture(request, (await params).pictureId);
}
