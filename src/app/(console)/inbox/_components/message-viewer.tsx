"use client";

import { Check, X } from "lucide-react";
import { useId, useState } from "react";
import { paramsOf } from "~/components/ui/code-text";
import { CodeBody, CodeTools, type CodeView } from "~/components/ui/code-viewer";
import { Tabs } from "~/components/ui/tabs";
import { useUrlState } from "~/components/ui/url-state";
import { useT } from "~/i18n/use-t";
import { JsonBody } from "./json-body";
import type { MessageDetail } from "./message-page";
import { OurRecord } from "./our-record";
import { stepsOf } from "./steps";

const URL_DEFAULTS = { view: "" };
const BODY = "grow max-lg:max-h-[560px]";

/** 待签名串 原始报文 解密内容 请求头 我方记录, and the signature with its verdict. */
export function MessageViewer({ detail }: { detail: MessageDetail }) {
  const t = useT("inbox");
  const [url, setUrl] = useUrlState(URL_DEFAULTS);
  const [view, setView] = useState<CodeView>("lines");
  const panel = useId();
  const wrong = useWrong(detail);
  const { message, opened, signedText, body } = detail;
  const parts = ["signed", "body", ...(opened === null ? [] : ["opened" as const]), "headers", "ours"] as const;
  const part = parts.find((one) => one === url.view) ?? firstOf(detail);
  const headerText = message.headers.map(({ name, value }) => `${name}: ${value}`).join("\n");
  const shown = { signed: signedText, body, opened, headers: headerText, ours: null }[part];
  return (
    <>
      <Tabs
        label={t("viewer.label")}
        panelId={panel}
        value={part}
        onChange={(next) => setUrl({ view: next })}
        className="pl-4 max-lg:pl-gutter"
        tabs={parts.map((key) => ({ key, label: t(`viewer.${key}`), count: key === "headers" ? message.headers.length : null }))}
        tools={
          shown !== null && (
            <>
              <span className="pr-2 text-xs text-ink-3 max-xl:hidden">{t("masked")}</span>
              <CodeTools view={view} onView={setView} splits={isForm(detail, part)} text={shown} thing={t(`viewer.${part}`)} />
            </>
          )
        }
      />
      <div id={panel} role="tabpanel" aria-label={t(`viewer.${part}`)} className="flex min-h-48 min-w-0 grow flex-col">
        <CharsetNote detail={detail} />
        {part === "ours" && <OurRecord detail={detail} />}
        {part === "headers" && <CodeBody label={t("viewer.headers")} text={headerText} view="raw" className={BODY} />}
        {part === "opened" && opened !== null && <JsonBody label={t("viewer.json")} text={opened} wrong={wrong} className={BODY} />}
        {part === "body" && <Written detail={detail} text={body} view={view} wrong={wrong} />}
        {part === "signed" &&
          (signedText === null ? (
            <p className="grow bg-sunken px-4 py-3 text-ink-3">{t("viewer.noSigned")}</p>
          ) : (
            <Written detail={detail} text={signedText} view={view} wrong={wrong} signed />
          ))}
      </div>
      <Signature detail={detail} />
    </>
  );
}

/** What tells most at a glance: WeChat Pay's signed text is a sealed one. */
function firstOf({ opened, signedText }: MessageDetail) {
  if (opened !== null) return "opened";
  return signedText === null ? "body" : "signed";
}

/** Alipay writes parameters, WeChat Pay JSON. */
const isForm = ({ message }: MessageDetail, part: string) => message.provider === "alipay" && (part === "signed" || part === "body");

type WrittenProps = { detail: MessageDetail; text: string; view: CodeView; wrong: Readonly<Record<string, string>>; signed?: boolean };

function Written({ detail, text, view, wrong, signed }: WrittenProps) {
  const t = useT("inbox");
  const params = detail.message.provider === "alipay" ? (signed && detail.signedParams ? detail.signedParams : paramsOf(text)) : undefined;
  return (
    <CodeBody label={t(signed ? "viewer.signed" : "viewer.body")} text={text} params={params} view={view} wrong={wrong} className={BODY} />
  );
}

const EXPECTED = { total_amount: "expectedAmount", total: "expectedFen" } as const;

/** What was expected, by the provider's name of the field. Marked while a case is open: plum means that somebody has to look. */
function useWrong({ comparisons, cases }: MessageDetail): Record<string, string> {
  const t = useT("inbox");
  if (!cases.some(({ status }) => status === "open")) return {};
  const notes = comparisons
    .filter(({ same }) => !same)
    .map(({ field, ours }): [string, string] => {
      if (ours === null) return [field, field === "out_trade_no" ? t("compare.noOrder") : ""];
      return [field, t(`compare.${EXPECTED[field as keyof typeof EXPECTED] ?? "expected"}`, { ours })];
    });
  return Object.fromEntries(notes.filter(([, note]) => note !== ""));
}

function CharsetNote({ detail: { charset, isText } }: { detail: MessageDetail }) {
  const t = useT("inbox");
  const note = isText ? (charset === "utf-8" ? null : t("viewer.charset", { charset: charset.toUpperCase() })) : t("viewer.bytes");
  if (!note) return null;
  return <p className="flex-none border-b border-line bg-sunken px-4 py-1.5 text-xs text-ink-2">{note}</p>;
}

function Signature({ detail: { message, signature } }: { detail: MessageDetail }) {
  const t = useT("inbox");
  const checked = stepsOf(message).find(({ name }) => name === "signature");
  return (
    <div className="flex min-h-10 flex-none flex-wrap items-center gap-x-3 border-t border-line px-4 py-1 max-lg:px-gutter">
      <span className="text-ink-3">{t("viewer.signature")}</span>
      <span className="code min-w-0 grow basis-32 truncate text-ink-2">{signature ?? t("viewer.noSignature")}</span>
      {checked ? (
        checked.ok ? (
          <span className="inline-flex items-center gap-1 font-medium whitespace-nowrap text-success [&_svg]:size-3.5">
            <Check aria-hidden />
            {t("viewer.fits")}
          </span>
        ) : (
          <span className="inline-flex items-center gap-1 font-medium whitespace-nowrap text-danger [&_svg]:size-3.5">
            <X aria-hidden />
            {t("viewer.fitsNot")}
          </span>
        )
      ) : (
        <span className="whitespace-nowrap text-ink-3">{t("viewer.unchecked")}</span>
      )}
    </div>
  );
}
