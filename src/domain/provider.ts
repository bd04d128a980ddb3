/** The two providers, the ways to pay with each, and where a channel lives. */
export const PROVIDERS = ["alipay", "wechat"] as const;
export type Provider = (typeof PROVIDERS)[number];

export const METHODS = ["alipay_pc", "alipay_wap", "alipay_qr", "wechat_native", "wechat_jsapi", "wechat_h5"] as const;
export type Method = (typeof METHODS)[number];

export const methodProvider = (method: Method): Provider => (method.startsWith("alipay") ? "alipay" : "wechat");
export const methodsOf = (provider: Provider): Method[] => METHODS.filter((method) => methodProvider(method) === provider);

/** `sandbox` is Alipay's own; WeChat Pay has none. */
export const ENVIRONMENTS = ["live", "sandbox", "simulator"] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

export const PROVIDER_LABEL = {
  zh: { alipay: "支付宝", wechat: "微信支付" },
  en: { alipay: "Alipay", wechat: "WeChat Pay" },
} satisfies Record<"zh" | "en", Record<Provider, string>>;

export const METHOD_LABEL = {
  zh: {
    alipay_pc: "支付宝 电脑网站",
    alipay_wap: "支付宝 手机网站",
    alipay_qr: "支付宝 扫码",
    wechat_native: "微信 扫码",
    wechat_jsapi: "微信 公众号",
    wechat_h5: "微信 H5",
  },
  en: {
    alipay_pc: "Alipay web",
    alipay_wap: "Alipay mobile web",
    alipay_qr: "Alipay QR",
    wechat_native: "WeChat QR",
    wechat_jsapi: "WeChat in-app",
    wechat_h5: "WeChat H5",
  },
} satisfies Record<"zh" | "en", Record<Method, string>>;

export const ENVIRONMENT_LABEL = {
  zh: { live: "正式", sandbox: "沙箱", simulator: "模拟环境" },
  en: { live: "Live", sandbox: "Sandbox", simulator: "Simulator" },
} satisfies Record<"zh" | "en", Record<Environment, string>>;
