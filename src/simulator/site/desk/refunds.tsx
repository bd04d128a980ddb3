import type { z } from "zod";
import type { RefundInput, RefundView } from "../../control/types";
import { control } from "../control-client";
import { Button } from "../parts/controls";
import { Chip, Code, Money, ProviderMark, type Tone, When } from "../parts/show";
import { Empty, Refusal } from "../parts/states";
import { useWords } from "../preferences";
import { useAct } from "../use-act";
import { useKnown } from "../use-live";

const TONES: Record<string, Tone> = { PROCESSING: "busy", SUCCESS: "ok", REFUND_SUCCESS: "ok", ABNORMAL: "bad", CLOSED: "off" };

type Outcome = z.infer<typeof RefundInput>["outcome"];

/** Refunds at both providers; the fate of one that WeChat Pay has only accepted can be decided here. */
export function Refunds() {
  const { refunds: words, yuan } = useWords();
  const { state } = useKnown();
  const { run, busy, failure } = useAct(async (refund: RefundView, outcome: Outcome) => {
    await control("POST", "refund", { mchid: refund.account, outRefundNo: refund.outRefundNo, outcome });
  });
  if (state.refunds.length === 0) return <Empty>{words.empty}</Empty>;
  return (
    <div className="refunds">
      <p className="note">{words.note}</p>
      <Refusal failure={failure} />
      <div className="table-scroll">
        <table className="rows">
          <thead>
            <tr>
              <th className="c-order">{words.refundNo}</th>
              <th className="c-order wide">{words.orderNo}</th>
              <th className="num c-amount">
                {words.amount} <small>{yuan}</small>
              </th>
              <th className="c-decide">{words.state}</th>
              <th className="c-at wide num">{words.at}</th>
            </tr>
          </thead>
          <tbody>
            {state.refunds.map((refund) => (
              <tr key={`${refund.account}/${refund.outRefundNo}`}>
                <td className="c-order">
                  <span className="cell">
                    <ProviderMark provider={refund.provider} />
                    <Code text={refund.outRefundNo} />
                  </span>
                </td>
                <td className="c-order wide">
                  <Code text={refund.outTradeNo} />
                </td>
                <td className="num c-amount">
                  <Money fen={refund.amountFen} />
                </td>
                <td className="c-decide">
                  <Chip tone={TONES[refund.state] ?? "neutral"}>{words.stateOf[refund.state] ?? refund.state}</Chip>
                  {refund.state === "PROCESSING" && (
                    <fieldset aria-label={words.decide(refund.outRefundNo)} disabled={busy}>
                      <Button size="sm" onClick={() => run(refund, "success")}>
                        {words.success}
                      </Button>
                      <Button size="sm" look="ghost" onClick={() => run(refund, "abnormal")}>
                        {words.abnormal}
                      </Button>
                      <Button size="sm" look="ghost" onClick={() => run(refund, "closed")}>
                        {words.close}
                      </Button>
                    </fieldset>
                  )}
                </td>
                <td className="c-at wide num">
                  <When at={refund.endedAt ?? refund.createdAt} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
