"use client";

import { Upload } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Button } from "~/components/ui/button";
import { useNow } from "~/components/ui/clock";
import { Field } from "~/components/ui/field";
import { Fingerprint } from "~/components/ui/id";
import { Textarea } from "~/components/ui/input";
import { timeText } from "~/components/ui/time-text";
import { expiryOf } from "~/domain/channel-check";
import { useT } from "~/i18n/use-t";
import { type Key, KeyMark } from "./key-mark";
import { type KeyPreview, previewKey } from "./key-preview";

export type Wanted = "private" | "public" | "certificate" | "key or certificate" | "bundle" | "text";

type KeyFieldProps = {
  label: string;
  hint?: ReactNode;
  wanted: Wanted;
  value: string;
  onChange: (text: string) => void;
  error?: string;
  optional?: boolean;
  /** What is there now; the field then offers to replace it, and never shows it. */
  saved?: Key | null;
  readOnly?: string | null;
  onPreview?: (preview: KeyPreview | null) => void;
};

/** Write-only key material, pasted or from a file. Its fingerprint is shown before anything is sent. */
export function KeyField({ label, hint, wanted, value, onChange, error, optional, saved, readOnly, onPreview }: KeyFieldProps) {
  const common = useT("common");
  const [replacing, setReplacing] = useState(false);
  const file = useRef<HTMLInputElement>(null);
  const preview = usePreview(wanted, value, onPreview);
  if (saved && !replacing && !value) {
    return (
      <Field label={label}>
        <div className="flex min-h-8 flex-wrap items-center gap-2">
          <KeyMark of={saved} />
          <Button size="sm" reason={readOnly} aria-label={`${common("replace")} ${label}`} onClick={() => setReplacing(true)}>
            {common("replace")}
          </Button>
        </div>
      </Field>
    );
  }
  return (
    <Field label={label} optional={optional} hint={hint} error={error}>
      <Textarea
        mono
        rows={value.length > 200 ? 5 : 2}
        autoComplete="off"
        spellCheck={false}
        readOnly={Boolean(readOnly)}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      <div className="flex min-h-7 flex-wrap items-center gap-2 text-xs">
        {value && <Preview wanted={wanted} text={value} preview={preview} saved={saved ?? null} />}
        <span className="grow" />
        {saved && (
          <Button
            size="sm"
            variant="ghost"
            onClick={() => {
              onChange("");
              setReplacing(false);
            }}
          >
            {common("secret.keep")}
          </Button>
        )}
        {wanted !== "text" && (
          <Button
            size="sm"
            icon={<Upload />}
            reason={readOnly}
            aria-label={`${common("file.choose")} ${label}`}
            onClick={() => file.current?.click()}
          >
            {common("file.choose")}
          </Button>
        )}
        <input
          ref={file}
          type="file"
          hidden
          accept=".pem,.crt,.cer,.key,.txt"
          onChange={async (event) => {
            const [chosen] = event.target.files ?? [];
            event.target.value = "";
            if (chosen) onChange(await textOfFile(chosen));
          }}
        />
      </div>
    </Field>
  );
}

const FILE_BYTES_MAX = 64 * 1024;

/** A certificate may come as bare DER; it is shown as the Base64 that stands for it. */
async function textOfFile(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.slice(0, FILE_BYTES_MAX).arrayBuffer());
  if (bytes[0] !== 0x30) return new TextDecoder().decode(bytes);
  return btoa(String.fromCharCode(...bytes));
}

function usePreview(wanted: Wanted, value: string, onPreview?: (preview: KeyPreview | null) => void): KeyPreview | null {
  const [preview, setPreview] = useState<KeyPreview | null>(null);
  const tell = useRef(onPreview);
  tell.current = onPreview;
  useEffect(() => {
    if (wanted === "bundle" || wanted === "text") return;
    let over = false;
    previewKey(value).then((found) => {
      if (over) return;
      setPreview(found);
      tell.current?.(found);
    });
    return () => {
      over = true;
    };
  }, [wanted, value]);
  return preview;
}

function Preview({ wanted, text, preview, saved }: { wanted: Wanted; text: string; preview: KeyPreview | null; saved: Key | null }) {
  const t = useT("channel");
  const now = useNow(null);
  if (wanted === "text")
    return <span className="text-ink-3">{t("preview.bytes", { count: new TextEncoder().encode(text.trim()).length })}</span>;
  if (wanted === "bundle") {
    const count = text.match(/-----BEGIN CERTIFICATE-----/g)?.length ?? 0;
    return count > 0 ? <span>{t("preview.certificates", { count })}</span> : <span className="text-danger">{t("preview.unreadable")}</span>;
  }
  if (!preview) return <span className="text-danger">{t("preview.unreadable")}</span>;
  const fits = wanted === preview.kind || (wanted === "key or certificate" && preview.kind !== "private");
  if (!fits) {
    const name = wanted === "key or certificate" ? t("preview.public") : t(`preview.${wanted}`);
    return <span className="text-danger">{t("preview.wrongKind", { wanted: name })}</span>;
  }
  return (
    <span className="flex flex-wrap items-center gap-x-2">
      <span className="text-ink-3">{t(`preview.${preview.kind}`)}</span>
      {preview.fingerprint && (
        <Fingerprint sha256={preview.fingerprint} daysLeft={preview.notAfter ? expiryOf(preview.notAfter, now).daysLeft : null} />
      )}
      {preview.notAfter && <span className="text-ink-3">{t("preview.until", { date: timeText(preview.notAfter, "day", now) })}</span>}
      {saved && preview.fingerprint === saved.fingerprint && <span className="text-ink-3">{t("preview.same")}</span>}
    </span>
  );
}
