import type { Locale } from "~/i18n/preferences";
import authEn from "./en/auth.json";
import channelEn from "./en/channel.json";
import checkoutEn from "./en/checkout.json";
import commonEn from "./en/common.json";
import dashboardEn from "./en/dashboard.json";
import errorsEn from "./en/errors.json";
import eventEn from "./en/event.json";
import exceptionEn from "./en/exception.json";
import facetofaceEn from "./en/facetoface.json";
import facetofaceFormEn from "./en/facetofaceForm.json";
import inboxEn from "./en/inbox.json";
import memberEn from "./en/member.json";
import paymentEn from "./en/payment.json";
import reconciliationEn from "./en/reconciliation.json";
import shellEn from "./en/shell.json";
import tenantEn from "./en/tenant.json";
import authZh from "./zh/auth.json";
import channelZh from "./zh/channel.json";
import checkoutZh from "./zh/checkout.json";
import commonZh from "./zh/common.json";
import dashboardZh from "./zh/dashboard.json";
import errorsZh from "./zh/errors.json";
import eventZh from "./zh/event.json";
import exceptionZh from "./zh/exception.json";
import facetofaceZh from "./zh/facetoface.json";
import facetofaceFormZh from "./zh/facetofaceForm.json";
import inboxZh from "./zh/inbox.json";
import memberZh from "./zh/member.json";
import paymentZh from "./zh/payment.json";
import reconciliationZh from "./zh/reconciliation.json";
import shellZh from "./zh/shell.json";
import tenantZh from "./zh/tenant.json";

/** Every word people read, one file per noun and language. A new file is imported and named here, once per language. */
const zh = {
  auth: authZh,
  channel: channelZh,
  checkout: checkoutZh,
  common: commonZh,
  dashboard: dashboardZh,
  errors: errorsZh,
  event: eventZh,
  exception: exceptionZh,
  facetofaceForm: facetofaceFormZh,
  facetoface: facetofaceZh,
  inbox: inboxZh,
  member: memberZh,
  payment: paymentZh,
  reconciliation: reconciliationZh,
  shell: shellZh,
  tenant: tenantZh,
};
const en: Record<keyof typeof zh, object> = {
  auth: authEn,
  channel: channelEn,
  checkout: checkoutEn,
  common: commonEn,
  dashboard: dashboardEn,
  errors: errorsEn,
  event: eventEn,
  exception: exceptionEn,
  facetofaceForm: facetofaceFormEn,
  facetoface: facetofaceEn,
  inbox: inboxEn,
  member: memberEn,
  payment: paymentEn,
  reconciliation: reconciliationEn,
  shell: shellEn,
  tenant: tenantEn,
};

export type Messages = typeof zh;
export type Namespace = keyof Messages;

// A test holds both languages to the same keys and placeholders, so English may stand where Chinese is expected.
export const messagesOf = (locale: Locale): Messages => (locale === "zh" ? zh : (en as Messages));

/** What a page sends to the browser: only the nouns that it shows. */
export function pickMessages(messages: Messages, ...namespaces: Namespace[]): Partial<Messages> {
  return Object.fromEntries(namespaces.map((name) => [name, messages[name]])) as Partial<Messages>;
}
