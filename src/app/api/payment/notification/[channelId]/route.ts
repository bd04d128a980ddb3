import { callbackRoute } from "~/server/web/callback-route";

// Alipay's application gateway: a channel's own address, and the shared ones of the seeds (enterprise, employee, bill, voucher).
export const POST = callbackRoute("alipay");
