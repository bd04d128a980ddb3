import "@fontsource-variable/noto-sans-sc/wght.css";
import "./globals.css";
import type { Metadata } from "next";
import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { ThemeProvider } from "~/components/theme";
import { TipLayer } from "~/components/ui/tip-layer";
import { getLang, getT } from "~/i18n/get-t";
import { HTML_LANG, readTheme, THEME_COOKIE } from "~/i18n/preferences";
import { Words } from "~/i18n/words";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getT("common");
  return {
    title: { default: t("appName"), template: `%s · ${t("appName")}` },
    icons: { icon: { url: "/favicon.svg", type: "image/svg+xml" } },
    robots: { index: false, follow: false },
    formatDetection: { telephone: false, date: false, address: false, email: false },
  };
}

export default async function RootLayout({ children }: { children: ReactNode }) {
  const lang = await getLang();
  const theme = readTheme((await cookies()).get(THEME_COOKIE)?.value);
  return (
    <html lang={HTML_LANG[lang]} data-theme={theme === "system" ? undefined : theme}>
      <body>
        <Words of={[]}>
          <ThemeProvider theme={theme}>
            {children}
            <TipLayer />
          </ThemeProvider>
        </Words>
      </body>
    </html>
  );
}
