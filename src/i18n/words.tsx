import { NextIntlClientProvider } from "next-intl";
import type { ReactNode } from "react";
import { messagesOf, type Namespace, pickMessages } from "~/messages";
import { getLang } from "./get-t";

/** Sends the words of these nouns to the browser, besides the common ones. A page ships what it shows. */
export async function Words({ of, children }: { of: readonly Namespace[]; children: ReactNode }) {
  const locale = await getLang();
  return (
    <NextIntlClientProvider locale={locale} messages={pickMessages(messagesOf(locale), "common", "errors", ...of)}>
      {children}
    </NextIntlClientProvider>
  );
}
