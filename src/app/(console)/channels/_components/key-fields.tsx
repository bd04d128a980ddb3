"use client";

import { Plus, Trash2 } from "lucide-react";
import { Button, IconButton } from "~/components/ui/button";
import { RadioRows } from "~/components/ui/choice";
import { Field } from "~/components/ui/field";
import { Input } from "~/components/ui/input";
import type { KeyKind } from "~/domain/channel";
import { useT } from "~/i18n/use-t";
import { type Draft, KEYS_OF_MODE, type Reasons, useReason, type VerificationKeyDraft } from "./drafts";
import { KeyField, type Wanted } from "./key-field";
import type { Key } from "./key-mark";
import { useKindName } from "./kind-name";

type Shared = {
  draft: Draft;
  set: (name: string, value: string) => void;
  reasons: Reasons;
  /** The keys in force, when the channel is there already. */
  saved?: readonly Key[];
  readOnly?: string | null;
};

const newestOf = (saved: readonly Key[] | undefined, kind: KeyKind) => saved?.findLast((key) => key.kind === kind) ?? null;

const ALIPAY_FIELDS = {
  privateKey: { kind: "private_key", wanted: "private" },
  alipayPublicKey: { kind: "alipay_public_key", wanted: "public" },
  appCert: { kind: "app_cert", wanted: "certificate" },
  alipayCert: { kind: "alipay_cert", wanted: "certificate" },
  alipayRootCert: { kind: "alipay_root_cert", wanted: "bundle" },
  aesKey: { kind: "aes_key", wanted: "text" },
} as const satisfies Record<string, { kind: KeyKind; wanted: Wanted }>;

type Mode = "public_key" | "certificate";

export function AlipayKeyFields({
  mode,
  onMode,
  draft,
  set,
  reasons,
  saved,
  readOnly,
}: Shared & { mode: Mode; onMode: (mode: Mode) => void }) {
  const t = useT("channel");
  const kindName = useKindName();
  const words = useReason();
  return (
    <div className="grid gap-5">
      <RadioRows
        name="key-mode"
        label={t("field.keyMode")}
        value={mode}
        onChange={onMode}
        rows={(["public_key", "certificate"] as const).map((value) => ({ value, label: t(`mode.${value}`), note: t(`mode.${value}Note`) }))}
      />
      {KEYS_OF_MODE[mode].map((name) => {
        const { kind, wanted } = ALIPAY_FIELDS[name];
        return (
          <KeyField
            // A new key in force means that the field's work is done.
            key={`${name} ${newestOf(saved, kind)?.id}`}
            label={kindName(kind, "alipay")}
            hint={t(`hint.${name}`)}
            wanted={wanted}
            optional={name === "aesKey"}
            value={draft[name] ?? ""}
            onChange={(value) => set(name, value)}
            error={words(reasons[name])}
            saved={newestOf(saved, kind)}
            readOnly={readOnly}
          />
        );
      })}
    </div>
  );
}

export function WechatKeyFields({ draft, set, reasons, saved, readOnly }: Shared) {
  const t = useT("channel");
  const kindName = useKindName();
  const words = useReason();
  // A new key in force means that the field's work is done.
  const idOf = (kind: KeyKind) => `${kind} ${newestOf(saved, kind)?.id}`;
  const field = (name: "merchantPrivateKey" | "merchantCert" | "apiV3Key", kind: KeyKind, wanted: Wanted) => ({
    label: kindName(kind, "wechat"),
    hint: t(`hint.${name}`),
    wanted,
    value: draft[name] ?? "",
    onChange: (value: string) => set(name, value),
    error: words(reasons[name]),
    saved: newestOf(saved, kind),
    readOnly,
  });
  return (
    <div className="grid gap-5">
      <KeyField key={idOf("private_key")} {...field("merchantPrivateKey", "private_key", "private")} />
      <KeyField
        key={idOf("merchant_cert")}
        {...field("merchantCert", "merchant_cert", "certificate")}
        optional
        onPreview={(preview) => {
          if (preview?.serial && draft.merchantCert) set("merchantSerial", preview.serial.padStart(40, "0"));
        }}
      />
      <Field label={t("field.merchantSerial")} hint={t("hint.merchantSerial")} error={words(reasons.merchantSerial)}>
        <Input
          mono
          readOnly={Boolean(readOnly)}
          value={draft.merchantSerial ?? ""}
          onChange={(event) => set("merchantSerial", event.target.value)}
        />
      </Field>
      <KeyField key={idOf("api_v3_key")} {...field("apiV3Key", "api_v3_key", "text")} />
    </div>
  );
}

/** Verification keys to be added: each with its id, which a certificate tells by itself. */
export function VerificationKeyFields({
  rows,
  onChange,
  error,
  readOnly,
}: {
  rows: readonly VerificationKeyDraft[];
  onChange: (rows: VerificationKeyDraft[]) => void;
  error?: string;
  readOnly?: string | null;
}) {
  const t = useT("channel");
  const change = (index: number, part: Partial<VerificationKeyDraft>) =>
    onChange(rows.map((row, at) => (at === index ? { ...row, ...part } : row)));
  return (
    <div className="grid gap-4">
      {rows.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other identity, and all they show is passed in
        <div key={index} className="grid grid-cols-[1fr_auto] gap-x-2 gap-y-3 border-l-2 border-line-strong pl-4">
          <Field label={t("keyId")} hint={t("hint.keyId")}>
            <Input mono value={row.id} placeholder="PUB_KEY_ID_" onChange={(event) => change(index, { id: event.target.value })} />
          </Field>
          <IconButton
            className="mt-6"
            label={`${t("delete")} ${row.id || index + 1}`}
            icon={<Trash2 />}
            onClick={() => onChange(rows.filter((_, at) => at !== index))}
          />
          <div className="col-span-2">
            <KeyField
              label={t("verificationKey")}
              wanted="key or certificate"
              value={row.pem}
              onChange={(pem) => change(index, { pem })}
              onPreview={(preview) => {
                if (preview?.serial) change(index, { id: preview.serial.padStart(40, "0") });
              }}
            />
          </div>
        </div>
      ))}
      <div className="flex flex-wrap items-center gap-3">
        <Button size="sm" icon={<Plus />} reason={readOnly} onClick={() => onChange([...rows, { id: "", pem: "" }])}>
          {t("addKey")}
        </Button>
        {error && <span className="text-xs text-danger">{error}</span>}
      </div>
    </div>
  );
}
