import type { Provider } from "~/domain/provider";
import { fenFromYuan } from "~/lib/money";
import type { StatementChange, StatementRowView } from "../../control/types";
import { Button } from "../parts/controls";
import { Chip, Code, Money, ProviderMark, When } from "../parts/show";
import { useWords } from "../preferences";
import { changeOf, ROW_CHANGES, unsigned } from "./statement-change";

type Props = { provider: Provider; row: StatementRowView; busy: boolean; onPlant: (change: StatementChange) => void };

/** A line of the statement as it will be written. One that is wrong already says how; it is put right in the list above. */
export function StatementRow({ provider, row, busy, onPlant }: Props) {
  const { statements: words } = useWords();
  const number = row.refundNo ?? row.outTradeNo;
  return (
    <tr>
      <td className="c-order">
        <span className="cell">
          <ProviderMark provider={provider} />
          {row.kind === "refund" && <Chip>{words.refund}</Chip>}
          <Code text={number} />
        </span>
      </td>
      <td className="num c-amount">
        {row.amount.startsWith("-") && "−"}
        <Money fen={fenFromYuan(unsigned(row.amount)).toString()} />
      </td>
      <td className="num c-fee wide mono">{row.fee.replace("-", "−")}</td>
      <td className="c-at wide num">
        <When at={row.at} />
      </td>
      <td className="c-plant">
        {row.planted ? (
          <Chip tone="bad">{words.kindOf[row.planted]}</Chip>
        ) : (
          <fieldset aria-label={words.plantOn(number)} disabled={busy}>
            {ROW_CHANGES.map((kind) => (
              <Button key={kind} size="sm" look="ghost" onClick={() => onPlant(changeOf(kind, row))}>
                {words.plant[kind]}
              </Button>
            ))}
          </fieldset>
        )}
      </td>
    </tr>
  );
}
