import type { Messages } from "~/messages";
import type { Locale } from "./preferences";

declare module "next-intl" {
  interface AppConfig {
    Locale: Locale;
    Messages: Messages;
  }
}
