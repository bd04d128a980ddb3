import { uploadPicture } from "~/server/api/pictures";

export const POST = (request: Request): Promise<Response> => uploadPicture(request);
