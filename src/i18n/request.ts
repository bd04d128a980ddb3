import { cookies } from "next/headers";
import { getRequestConfig } from "next-intl/server";
import { messagesOf } from "~/messages";
import { LOCALE_COOKIE, readLocale } from "./preferences";

export default getRequestConfig(async () => {
  const locale = readLocale((await cookies()).get(LOCALE_COOKIE)?.value);
  return { locale, messages: messagesOf(locale), timeZone: "Asia/Shanghai" };
});
