import { callbackRoute } from "~/server/web/callback-route";

export const POST = callbackRoute("alipay");
