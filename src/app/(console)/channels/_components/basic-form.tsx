"use client";

import { useState } from "react";
import { useFreshSignIn } from "~/components/fresh-sign-in";
import { CommandError } from "~/components/load-error";
import { Button } from "~/components/ui/button";
import { Checkbox } from "~/components/ui/choice";
import { useClock } from "~/components/ui/clock";
import { Field } from "~/components/ui/field";
import { Input, Textarea } from "~/components/ui/input";
import { timeText } from "~/components/ui/time-text";
import { toast } from "~/components/ui/toast";
import { useT } from "~/i18n/use-t";
import { api, type RouterInputs } from "~/trpc/client";
import type { Detail } from "./channel-detail";
import { type Reasons, reasonsOf, useReason } from "./drafts";

const TEXTS = ["name", "appId", "sellerId", "baseUrl", "returnUrl", "remark"] as const;
type Texts = Record<(typeof TEXTS)[number], string>;

/** Names, addresses and identities. Only what was changed is sent. */
export function BasicForm({ channel, readOnly }: { channel: Detail; readOnly: string | null }) {
  const t = useT("channel");
  const words = useReason();
  const clock = useClock();
  const utils = api.useUtils();
  const fresh = useFreshSignIn();
  const update = api.channel.update.useMutation({ onSuccess: () => utils.channel.invalidate() });
  const [reasons, setReasons] = useState<Reasons>({});
  const [isIsv, setIsIsv] = useState(channel.isIsv);
  const [texts, setTexts] = useState<Texts>(() => Object.fromEntries(TEXTS.map((name) => [name, channel[name] ?? ""])) as Texts);
  const text = (name: keyof Texts) => ({
    value: texts[name],
    readOnly: Boolean(readOnly),
    onChange: (event: { target: { value: string } }) => setTexts({ ...texts, [name]: event.target.value }),
  });
  const changed = TEXTS.filter((name) => texts[name].trim() !== (channel[name] ?? ""));
  const untouched = changed.length === 0 && isIsv === channel.isIsv;

  const save = async () => {
    const empty = (["name", "appId", "sellerId", "baseUrl"] as const).filter((name) => texts[name].trim() === "");
    setReasons(Object.fromEntries(empty.map((name) => [name, "missing"])));
    if (empty.length > 0) return;
    const values = Object.fromEntries(changed.map((name) => [name, texts[name].trim() || null]));
    const input = { channelId: channel.id, ...values, ...(isIsv === channel.isIsv ? {} : { isIsv }) } as RouterInputs["channel"]["update"];
    try {
      await fresh.guard(() => update.mutateAsync(input));
      toast(t("saved", { time: timeText(clock(), "clock", clock()) }));
    } catch (error) {
      const { gateway, ...others } = reasonsOf(error);
      setReasons(gateway ? { ...others, baseUrl: gateway } : others);
    }
  };

  return (
    <form
      method="post"
      className="grid gap-5"
      onSubmit={(event) => {
        event.preventDefault();
        if (!untouched && !readOnly) void save();
      }}
    >
      <Field label={t("field.name")} error={words(reasons.name)}>
        <Input maxLength={50} {...text("name")} />
      </Field>
      <div className="grid gap-5 md:grid-cols-2">
        <Field label={t(`field.appId.${channel.provider}`)} error={words(reasons.appId)}>
          <Input mono {...text("appId")} />
        </Field>
        <Field label={t(`field.sellerId.${channel.provider}`)} error={words(reasons.sellerId)}>
          <Input mono {...text("sellerId")} />
        </Field>
      </div>
      <Field label={t(`field.baseUrl.${channel.provider}`)} error={words(reasons.baseUrl)}>
        <Input mono {...text("baseUrl")} />
      </Field>
      <Field label={t("field.returnUrl")} hint={t("field.returnUrlHint")} error={words(reasons.returnUrl)} optional>
        <Input mono {...text("returnUrl")} />
      </Field>
      <Field label={t("field.remark")} error={words(reasons.remark)} optional>
        <Textarea rows={2} maxLength={500} {...text("remark")} />
      </Field>
      {channel.provider === "alipay" && (
        <Checkbox checked={isIsv} disabled={Boolean(readOnly)} onChange={(event) => setIsIsv(event.target.checked)}>
          {t("field.isIsv")}
        </Checkbox>
      )}
      {update.error && Object.keys(reasons).length === 0 && <CommandError error={update.error} />}
      <div>
        <Button type="submit" busy={update.isPending} busyLabel={t("saving")} reason={readOnly ?? (untouched && t("nothingToSave"))}>
          {t("save")}
        </Button>
      </div>
      {fresh.dialog}
    </form>
  );
}
