"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useFreshSignIn } from "~/components/fresh-sign-in";
import { CommandError } from "~/components/load-error";
import { ProviderMark } from "~/components/provider-mark";
import { MethodName } from "~/components/provider-name";
import { Button } from "~/components/ui/button";
import { Checkbox, RadioRows } from "~/components/ui/choice";
import { Field } from "~/components/ui/field";
import { FormFrame, FormSection } from "~/components/ui/form-frame";
import { Input, Textarea } from "~/components/ui/input";
import { PageHead } from "~/components/ui/page-head";
import { Notice } from "~/components/ui/states";
import { ENVIRONMENT_LABEL, type Environment, methodsOf, PROVIDER_LABEL, PROVIDERS, type Provider } from "~/domain/provider";
import { useLang, useT } from "~/i18n/use-t";
import { paths } from "~/lib/paths";
import { api } from "~/trpc/client";
import { Addresses } from "./addresses";
import { DoctorPanel } from "./doctor-panel";
import { type Draft, type Reasons, readDraft, reasonsOf, useReason, usualAddress, type VerificationKeyDraft } from "./drafts";
import { AlipayKeyFields, VerificationKeyFields, WechatKeyFields } from "./key-fields";

const ENVIRONMENTS_OF: Record<Provider, readonly Environment[]> = {
  alipay: ["live", "sandbox", "simulator"],
  wechat: ["live", "simulator"],
};

type CreateFormProps = {
  provider: Provider;
  /** What a new channel most likely is for: the simulator where the platform runs as a demonstration. */
  environment: Environment;
  simulatorUrl: string;
  readOnly: string | null;
};

export function CreateForm({ provider: first, environment: usual, simulatorUrl, readOnly }: CreateFormProps) {
  const t = useT("channel");
  const lang = useLang();
  const router = useRouter();
  const words = useReason();
  const fresh = useFreshSignIn();
  const create = api.channel.create.useMutation();
  const [provider, setProvider] = useState(first);
  const [environment, setEnvironment] = useState(usual);
  const [keyMode, setKeyMode] = useState<"public_key" | "certificate">("public_key");
  const [isDefault, setIsDefault] = useState(false);
  const [isIsv, setIsIsv] = useState(false);
  const [draft, setDraft] = useState<Draft>({});
  const [verificationKeys, setVerificationKeys] = useState<VerificationKeyDraft[]>([{ id: "", pem: "" }]);
  const [reasons, setReasons] = useState<Reasons>({});
  const addressField = provider === "alipay" ? "gateway" : "baseUrl";
  const address = draft[addressField] ?? usualAddress(provider, environment, simulatorUrl);
  const set = (name: string, value: string) => {
    setDraft((before) => ({ ...before, [name]: value }));
    setReasons(({ [name]: _, ...others }) => others);
  };
  const text = (name: string) => ({
    value: draft[name] ?? "",
    onChange: (event: { target: { value: string } }) => set(name, event.target.value),
  });

  const save = async () => {
    const filled = verificationKeys.filter(({ id, pem }) => id.trim() || pem.trim());
    const read = readDraft({
      provider,
      environment,
      keyMode,
      isDefault,
      isIsv,
      draft: { ...draft, [addressField]: address },
      verificationKeys: filled,
    });
    setReasons(read.reasons);
    const { input } = read;
    if (!input) return;
    try {
      const { channelId } = await fresh.guard(() => create.mutateAsync(input));
      router.push(paths.channel(channelId));
    } catch (error) {
      setReasons(reasonsOf(error));
    }
  };

  const identity = provider === "alipay" ? (["appId", "sellerId"] as const) : (["appid", "mchid"] as const);
  const named = Object.keys(reasons).length > 0;
  return (
    <>
      <PageHead title={t("newTitle")} trail={<Link href={paths.channels()}>{t("title")}</Link>} />
      <FormFrame aside={<DoctorPanel channelId={null} provider={provider} />}>
        <FormSection title={t("section.basic")}>
          <div className="grid gap-5">
            <RadioRows
              name="provider"
              label={t("field.provider")}
              value={provider}
              onChange={(next) => {
                setProvider(next);
                setReasons({});
                if (!ENVIRONMENTS_OF[next].includes(environment)) setEnvironment("live");
              }}
              rows={PROVIDERS.map((value) => ({ value, label: PROVIDER_LABEL[lang][value], mark: <ProviderMark provider={value} /> }))}
            />
            <Field label={t("field.name")} hint={t("field.nameHint")} error={words(reasons.name)} required>
              <Input maxLength={50} {...text("name")} />
            </Field>
            <fieldset className="grid gap-1">
              <legend className="pb-1 text-sm font-medium">{t("field.environment")}</legend>
              <RadioRows
                name="environment"
                label={t("field.environment")}
                value={environment}
                onChange={(next) => {
                  setEnvironment(next);
                  setReasons(({ environment: _, [addressField]: __, ...others }) => others);
                }}
                rows={ENVIRONMENTS_OF[provider].map((value) => ({
                  value,
                  label: ENVIRONMENT_LABEL[lang][value],
                  note: t(`field.environmentHint.${value}`),
                }))}
              />
              {reasons.environment && <Notice tone="danger">{words(reasons.environment)}</Notice>}
            </fieldset>
            <div className="grid gap-5 md:grid-cols-2">
              {identity.map((name) => (
                <Field
                  key={name}
                  label={t(name === "appId" || name === "appid" ? `field.appId.${provider}` : `field.sellerId.${provider}`)}
                  error={words(reasons[name])}
                  required
                >
                  <Input mono inputMode={name === "appid" ? "text" : "numeric"} {...text(name)} />
                </Field>
              ))}
            </div>
            <Field label={t(`field.baseUrl.${provider}`)} error={words(reasons[addressField])} required>
              <Input mono value={address} onChange={(event) => set(addressField, event.target.value)} />
            </Field>
            <Field label={t("field.returnUrl")} hint={t("field.returnUrlHint")} error={words(reasons.returnUrl)} optional>
              <Input mono placeholder="https://" {...text("returnUrl")} />
            </Field>
            <Field label={t("field.remark")} error={words(reasons.remark)} optional>
              <Textarea rows={2} maxLength={500} {...text("remark")} />
            </Field>
            <Checkbox checked={isDefault} onChange={(event) => setIsDefault(event.target.checked)}>
              {t("field.isDefault")}
            </Checkbox>
          </div>
        </FormSection>
        <FormSection title={t("section.keys")}>
          {provider === "alipay" ? (
            <AlipayKeyFields mode={keyMode} onMode={setKeyMode} draft={draft} set={set} reasons={reasons} />
          ) : (
            <div className="grid gap-5">
              <WechatKeyFields draft={draft} set={set} reasons={reasons} />
              <div>
                <h3 className="text-sm font-medium">{t("verificationKeys")}</h3>
                <p className="pb-3 text-xs text-ink-3">{t("hint.verificationKeys")}</p>
                <VerificationKeyFields rows={verificationKeys} onChange={setVerificationKeys} error={words(reasons.verificationKeys)} />
              </div>
            </div>
          )}
        </FormSection>
        <FormSection title={t("section.addresses")}>
          <Addresses provider={provider} urls={null} />
        </FormSection>
        <FormSection title={t("section.abilities")}>
          <div className="grid gap-4">
            <div className="flex flex-wrap gap-x-4 gap-y-2">
              {methodsOf(provider).map((method) => (
                <MethodName key={method} method={method} />
              ))}
            </div>
            {provider === "alipay" && (
              <Checkbox checked={isIsv} onChange={(event) => setIsIsv(event.target.checked)}>
                {t("field.isIsv")}
              </Checkbox>
            )}
          </div>
        </FormSection>
        <div className="grid justify-items-start gap-4 border-t border-line px-gutter py-5">
          {named && <Notice tone="danger">{t("unknownField")}</Notice>}
          {create.error && !named && <CommandError error={create.error} />}
          <Button size="form" variant="primary" busy={create.isPending} busyLabel={t("saving")} reason={readOnly} onClick={save}>
            {t("create")}
          </Button>
        </div>
      </FormFrame>
      {fresh.dialog}
    </>
  );
}
