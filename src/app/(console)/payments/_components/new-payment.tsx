"use client";

import { useCallback, useEffect, useState } from "react";
import { Controller } from "react-hook-form";
import { storyOf } from "~/components/app-error";
import { CommandError } from "~/components/load-error";
import { Money } from "~/components/money";
import { ProviderMark } from "~/components/provider-mark";
import { StatusChip } from "~/components/status-chip";
import { Button } from "~/components/ui/button";
import { ButtonLink } from "~/components/ui/button-link";
import { useClock } from "~/components/ui/clock";
import { RuledFacts } from "~/components/ui/facts";
import { Field } from "~/components/ui/field";
import { useFieldError, useZodForm } from "~/components/ui/form";
import { IdText } from "~/components/ui/id";
import { Input } from "~/components/ui/input";
import { MoneyInput } from "~/components/ui/money-input";
import { Select } from "~/components/ui/select";
import { Notice } from "~/components/ui/states";
import { Segment } from "~/components/ui/tabs";
import { ENVIRONMENT_LABEL } from "~/domain/provider";
import { useLang, useT } from "~/i18n/use-t";
import { type Fen, fenFromText, yuanDisplay } from "~/lib/money";
import { paths } from "~/lib/paths";
import { api, type RouterOutputs } from "~/trpc/client";
import { CheckoutLink } from "./checkout-link";
import { CHANNELS_INPUT, EXPIRY_CHOICES, requestMaker, suggestOrderNo } from "./new-payment-form";

const loadSchema = () => import("./new-payment-schema").then((module) => module.NewPaymentForm);

type Created = RouterOutputs["payment"]["create"] & { amountFen: Fen };

/** A form of 720 px, and in its place what to send to the buyer. */
export function NewPayment() {
  const [created, setCreated] = useState<Created | null>(null);
  return (
    <div className="grow border-t border-line">
      {created ? <CreatedPayment created={created} onAnother={() => setCreated(null)} /> : <PaymentForm onCreated={setCreated} />}
    </div>
  );
}

function PaymentForm({ onCreated }: { onCreated: (created: Created) => void }) {
  const t = useT("payment");
  const clock = useClock();
  const say = useFieldError();
  const [request] = useState(requestMaker);
  const utils = api.useUtils();
  const create = api.payment.create.useMutation({ onSettled: () => void utils.payment.invalidate() });
  const form = useZodForm(loadSchema, {
    orderNo: "",
    subject: "",
    expiry: "30",
    channelId: "",
  });
  const { errors } = form.formState;
  const suggest = useCallback(() => form.setValue("orderNo", suggestOrderNo(clock()), { shouldValidate: true }), [form.setValue, clock]);
  // After the first rendering, which has to equal the server's.
  useEffect(suggest, [suggest]);

  const submit = form.handleSubmit(async (values) => {
    const created = await create.mutateAsync(request(values, clock())).catch(() => null);
    if (created) onCreated({ ...created, amountFen: values.amountFen });
  });
  const refused = create.error ? storyOf(create.error, { reading: false }) : null;
  const taken = refused?.words === "conflict";
  const limit =
    refused?.words === "limit_exceeded" && typeof refused.details.maxFen === "string" ? fenFromText(refused.details.maxFen) : null;

  return (
    <form
      noValidate
      onSubmit={(event) => void submit(event)}
      // What was refused is being mended.
      onChange={() => create.error && create.reset()}
      className="grid max-w-form gap-5 px-gutter py-6"
    >
      <ChannelWarning />
      <Field
        label={t("form.amount")}
        hint={t("form.amountHint")}
        required
        error={
          say(errors.amountFen, {
            invalid_type: t("form.amountRange"),
            amount_out_of_range: t("form.amountRange"),
            invalid_union: t("form.amountRange"),
          }) ??
          (limit && t("form.amountLimit", { max: yuanDisplay(limit) }))
        }
        className="max-w-60"
      >
        <Controller
          control={form.control}
          name="amountFen"
          render={({ field }) => (
            <MoneyInput
              autoFocus
              value={(field.value as Fen | undefined) ?? null}
              onChange={(fen) => field.onChange(fen ?? undefined)}
              onBlur={field.onBlur}
              className="text-lg"
            />
          )}
        />
      </Field>
      <Field
        label={t("form.subject")}
        hint={t("form.subjectHint")}
        required
        error={say(errors.subject, { too_small: t("form.subjectMissing"), control_characters: t("form.characters") })}
      >
        <Input maxLength={120} {...form.register("subject")} />
      </Field>
      <Field
        label={t("form.orderNo")}
        hint={t("form.orderNoHint")}
        required
        error={
          say(errors.orderNo, { invalid_format: t("form.orderNoWrong"), invalid_string: t("form.orderNoWrong") }) ??
          (taken && t("form.orderNoTaken"))
        }
      >
        <div className="flex gap-2">
          <Input mono maxLength={64} autoComplete="off" {...form.register("orderNo")} />
          <Button onClick={suggest}>{t("form.suggest")}</Button>
        </div>
      </Field>
      <div className="grid justify-items-start gap-1">
        <span className="text-sm font-medium">{t("form.expires")}</span>
        <Controller
          control={form.control}
          name="expiry"
          render={({ field }) => (
            <Segment
              label={t("form.expires")}
              value={field.value}
              onChange={field.onChange}
              choices={EXPIRY_CHOICES.map((key) => ({ key, label: t(`form.expiry.${key}`) }))}
            />
          )}
        />
        <p className="text-xs leading-[18px] text-ink-3">{t("form.expiresHint")}</p>
      </div>
      <Controller
        control={form.control}
        name="channelId"
        render={({ field }) => <ChannelField value={field.value} onChange={field.onChange} />}
      />
      {!taken && limit === null && <CommandError error={create.error} />}
      <Button type="submit" variant="primary" size="form" className="justify-self-start" busy={create.isPending} busyLabel={t("form.busy")}>
        {t("form.submit")}
      </Button>
    </form>
  );
}

/** A tenant without an enabled channel may prepare payments, but should know that nobody can pay them. */
function ChannelWarning() {
  const t = useT("payment");
  const { data } = api.channel.list.useQuery(CHANNELS_INPUT);
  if (!data || data.items.some(({ status }) => status === "enabled")) return null;
  return <Notice tone="warning">{t("form.noChannel")}</Notice>;
}

function ChannelField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const t = useT("payment");
  const lang = useLang();
  const { data } = api.channel.list.useQuery(CHANNELS_INPUT);
  const usable = data?.items.filter(({ status }) => status === "enabled") ?? [];
  return (
    <Field label={t("form.channel")} hint={t("form.channelHint")} optional>
      <Select
        label={t("form.channel")}
        value={value}
        onChange={onChange}
        options={[
          { value: "", label: t("form.channelAny") },
          ...usable.map(({ id, provider, name, environment }) => ({
            value: id as string,
            label: name,
            mark: <ProviderMark provider={provider} />,
            note: environment === "live" ? undefined : ENVIRONMENT_LABEL[lang][environment],
          })),
        ]}
      />
    </Field>
  );
}

/** What to send to the buyer; turns into the good news by itself. */
function CreatedPayment({ created, onAnother }: { created: Created; onAnother: () => void }) {
  const t = useT("payment");
  const { data } = api.payment.get.useQuery({ paymentId: created.id });
  const status = data?.payment.status ?? created.status;
  const paid = status !== "pending" && status !== "closed";
  return (
    <section aria-label={t("created.title")} className="grid max-w-form justify-items-start gap-5 px-gutter py-6">
      <div role="status">
        <h2 className="text-lg font-strong">{t("created.title")}</h2>
        {paid ? (
          <Notice tone="ok">{t("created.paid", { amount: yuanDisplay(created.amountFen) })}</Notice>
        ) : (
          <p className="text-md">{t("created.text")}</p>
        )}
      </div>
      <RuledFacts
        single
        className="w-full max-w-[420px]"
        facts={[
          { label: t("column.orderNo"), value: <IdText value={created.orderNo} whole thing={t("column.orderNo")} copyShown /> },
          { label: t("column.amount"), value: <Money fen={created.amountFen} yen /> },
          { label: t("column.status"), value: <StatusChip of="payment" status={status} /> },
        ]}
      />
      {status === "pending" && (
        <div className="w-full max-w-[420px]">
          <CheckoutLink url={created.checkoutUrl} until={created.expiresAt} live />
        </div>
      )}
      <div className="flex flex-wrap gap-2">
        <ButtonLink href={paths.payment(created.id)}>{t("created.see")}</ButtonLink>
        <Button onClick={onAnother}>{t("created.another")}</Button>
      </div>
    </section>
  );
}
