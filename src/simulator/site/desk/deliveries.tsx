import { ChevronRight, Send } from "lucide-react";
import { Fragment, useState } from "react";
import { countdownText } from "~/components/ui/time-text";
import type { AttemptView, DeliveryView } from "../../control/types";
import { control } from "../control-client";
import { Button } from "../parts/controls";
import { Chip, Code, CopyButton, ProviderMark, type Tone, When } from "../parts/show";
import { Empty, Refusal } from "../parts/states";
import { useWords } from "../preferences";
import { useAct } from "../use-act";
import { useKnown, useNow } from "../use-live";

const TONES: Record<DeliveryView["state"], Tone> = { pending: "wait", delivered: "ok", given_up: "bad" };

/** News on its way to the platform: what waits first, then what is settled, newest first. */
export function Deliveries() {
  const words = useWords();
  const { state } = useKnown();
  const [open, setOpen] = useState<string | null>(null);
  const [ran, setRan] = useState<AttemptView[] | null>(null);
  const { run, busy, failure } = useAct(async () => {
    const { attempts } = await control<{ attempts: AttemptView[] }>("POST", "deliveries/run", { all: true });
    setRan(attempts);
  });
  const waiting = state.deliveries.filter((delivery) => delivery.state === "pending");
  const ordered = [...waiting, ...state.deliveries.filter((delivery) => delivery.state !== "pending")];
  return (
    <div className="deliveries">
      <div className="tools">
        <span>{state.pendingDeliveries > 0 ? words.deliveries.pending(state.pendingDeliveries) : words.deliveries.allDone}</span>
        <span className="quiet" role="status">
          {ran && words.deliveries.ran(ran.length, ran.filter(({ accepted }) => accepted).length)}
        </span>
        <span className="grow" />
        <Button
          icon={<Send />}
          busy={busy}
          busyLabel={words.deliveries.running}
          reason={state.pendingDeliveries === 0 && words.deliveries.nothing}
          onClick={() => run()}
        >
          {words.deliveries.runAll}
        </Button>
      </div>
      <Refusal failure={failure} />
      {ordered.length === 0 ? (
        <Empty>{words.deliveries.empty}</Empty>
      ) : (
        <div className="table-scroll">
          <table className="rows">
            <thead>
              <tr>
                <th>{words.deliveries.what}</th>
                <th className="c-order">{words.deliveries.orderNo}</th>
                <th className="c-state">{words.deliveries.state}</th>
                <th className="c-tries num">{words.deliveries.tries}</th>
                <th className="c-next num">{words.deliveries.next}</th>
              </tr>
            </thead>
            <tbody>
              {ordered.map((delivery) => (
                <Fragment key={delivery.id}>
                  <DeliveryRow
                    delivery={delivery}
                    open={open === delivery.id}
                    onToggle={() => setOpen(open === delivery.id ? null : delivery.id)}
                  />
                  {open === delivery.id && (
                    <tr className="opened">
                      <td className="under" colSpan={5}>
                        <DeliveryDetail delivery={delivery} />
                      </td>
                    </tr>
                  )}
                </Fragment>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}

function DeliveryRow({ delivery, open, onToggle }: { delivery: DeliveryView; open: boolean; onToggle: () => void }) {
  const { deliveries: words, none } = useWords();
  const now = useNow();
  const leftMs = delivery.dueAt === null ? 0 : Date.parse(delivery.dueAt) - now.getTime();
  return (
    <tr className="opens" data-open={open || undefined}>
      <td className="c-news">
        <span className="cell">
          <button type="button" aria-expanded={open} aria-label={words.open(delivery.what)} onClick={onToggle}>
            <ChevronRight aria-hidden />
          </button>
          <ProviderMark provider={delivery.provider} />
          <span className="mono clip" data-tip={delivery.what}>
            {delivery.what}
          </span>
        </span>
      </td>
      <td className="c-order">{delivery.outTradeNo ? <Code text={delivery.outTradeNo} /> : none}</td>
      <td className="c-state">
        <Chip tone={TONES[delivery.state]}>
          {delivery.state === "pending" && delivery.attempts.length > 0 ? words.retrying : words.stateOf[delivery.state]}
        </Chip>
      </td>
      <td className="c-tries num">{delivery.attempts.length}</td>
      <td className="c-next num">{delivery.dueAt === null ? none : leftMs > 0 ? countdownText(leftMs) : words.now}</td>
    </tr>
  );
}

function DeliveryDetail({ delivery }: { delivery: DeliveryView }) {
  const words = useWords();
  const { run, busy, failure } = useAct(async () => {
    await control("POST", "deliveries/run", { id: delivery.id });
  });
  return (
    <div className="detail">
      <dl className="facts">
        <div className="whole">
          <dt>{words.deliveries.address}</dt>
          <dd className="mono">
            {delivery.url}
            <CopyButton text={delivery.url} thing={words.deliveries.address} />
          </dd>
        </div>
      </dl>
      {delivery.attempts.length === 0 ? (
        <p className="quiet">{words.deliveries.noAttempt}</p>
      ) : (
        <ol className="attempts">
          {delivery.attempts.map((attempt, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: attempts are only ever added
            <li key={index}>
              <span>{words.deliveries.attempt(index + 1)}</span>
              <When at={attempt.at} />
              <span className="mono">{attempt.status ?? words.none}</span>
              <span className={attempt.accepted ? "good" : "bad"}>
                {words.journal.outcome[attempt.verdict] ??
                  attempt.verdict.replace(/^refused:(.+)$/, (_, status) => words.journal.refusedWith(status))}
              </span>
              {attempt.fault && <Chip tone="wait">{attempt.fault}</Chip>}
              <span className="num quiet">{attempt.ms} ms</span>
            </li>
          ))}
        </ol>
      )}
      {delivery.state === "pending" && (
        <Button size="sm" icon={<Send />} busy={busy} busyLabel={words.deliveries.running} onClick={() => run()}>
          {words.deliveries.runOne}
        </Button>
      )}
      <Refusal failure={failure} />
    </div>
  );
}
