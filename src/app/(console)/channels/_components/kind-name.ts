import type { KeyKind } from "~/domain/channel";
import type { Provider } from "~/domain/provider";
import { useT } from "~/i18n/use-t";

/** 应用私钥 or 商户私钥: each provider has its own word for the same kind. */
export function useKindName(): (kind: KeyKind, provider: Provider) => string {
  const t = useT("channel");
  return (kind, provider) => (kind === "private_key" ? t(`kind.private_key.${provider}`) : t(`kind.${kind}`));
}
