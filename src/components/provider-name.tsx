"use client";

import type { ReactNode } from "react";
import { METHOD_LABEL, type Method, methodProvider, PROVIDER_LABEL, type Provider } from "~/domain/provider";
import { useLang } from "~/i18n/use-t";
import { ProviderMark } from "./provider-mark";

const Named = ({ provider, children }: { provider: Provider; children: ReactNode }) => (
  <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
    <ProviderMark provider={provider} />
    {children}
  </span>
);

/** 支 支付宝, or another name beside the square, such as a channel's. */
export function ProviderName({ provider, children }: { provider: Provider; children?: ReactNode }) {
  const lang = useLang();
  return <Named provider={provider}>{children ?? PROVIDER_LABEL[lang][provider]}</Named>;
}

/** 支 支付宝 扫码. With `short` the square says the provider and the words only how: 扫码. */
export function MethodName({ method, short }: { method: Method; short?: boolean }) {
  const lang = useLang();
  const label = METHOD_LABEL[lang][method];
  if (!short) return <Named provider={methodProvider(method)}>{label}</Named>;
  const how = label.replace(/^(支付宝|微信|Alipay|WeChat)\s*/, "");
  return (
    <Named provider={methodProvider(method)}>
      <span aria-hidden>{how}</span>
      <span className="sr-only">{label}</span>
    </Named>
  );
}
