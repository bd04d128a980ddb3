"use client";

import "./globals.css";
import { HTML_LANG } from "~/i18n/preferences";

/** The last resort, when even the root layout broke: no words provider is left, so it speaks both languages. */
export default function GlobalError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <html lang={HTML_LANG.zh}>
      <body>
        <main role="alert" className="mx-auto grid min-h-dvh max-w-prose content-center justify-items-start gap-4 px-gutter text-md">
          <h1 className="text-xl font-strong">页面没有加载出来</h1>
          <p>页面没有加载出来，是我们的问题。没有影响任何款项。请重试{error.digest && `，或把编号 ${error.digest} 发给支持`}。</p>
          <p lang="en" className="text-ink-2">
            This page failed to load; that's on us. No money was affected. Retry{error.digest && `, or send ${error.digest} to support`}.
          </p>
          <button type="button" onClick={reset} className="h-10 rounded-md bg-accent px-4 font-medium text-on-accent">
            重试 Retry
          </button>
        </main>
      </body>
    </html>
  );
}
