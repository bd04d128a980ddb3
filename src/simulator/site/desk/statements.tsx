import { FilePlus2, Undo2 } from "lucide-react";
import { useState } from "react";
import { addDays, beijingDate } from "~/lib/time";
import type { AccountView, StatementChange, StatementView } from "../../control/types";
import { Button, Select } from "../parts/controls";
import { Chip, Code, Money, When } from "../parts/show";
import { Empty, Refusal, Skeleton } from "../parts/states";
import { useWords } from "../preferences";
import { useKnown } from "../use-live";
import { StatementRow } from "./statement-row";
import { useStatement } from "./use-statement";

/** What the extra row is worth; nobody here ever asked for it. */
const EXTRA_YUAN = "66.60";

const merchantOf = (account: AccountView): string => (account.provider === "alipay" ? account.sellerId : account.account);

/** What the providers write about a day, and what is to be wrong with it. */
export function Statements() {
  const words = useWords();
  const { state } = useKnown();
  const [chosen, setChosen] = useState("");
  const [picked, setPicked] = useState("");
  // A seller's apps share one statement.
  const merchants = state.accounts.filter(
    (account, index, all) => all.findIndex((other) => merchantOf(other) === merchantOf(account)) === index,
  );
  const account = merchants.find((one) => merchantOf(one) === chosen) ?? merchants[0];
  if (!account) return <Empty>{words.statements.noAccount}</Empty>;
  const day = picked || addDays(beijingDate(new Date(state.clock.now)), -1);
  return (
    <div className="statements">
      <div className="tools">
        <Select
          label={words.statements.account}
          value={merchantOf(account)}
          onChange={setChosen}
          choices={merchants.map((one) => [
            merchantOf(one),
            [words.providerTab[one.provider], one.name, merchantOf(one)].filter(Boolean).join(" "),
          ])}
        />
        <label className="day">
          <span>{words.statements.day}</span>
          <input type="date" value={day} onChange={(event) => setPicked(event.target.value)} />
        </label>
      </div>
      <Day key={`${merchantOf(account)}/${day}`} provider={account.provider} merchant={merchantOf(account)} day={day} />
    </div>
  );
}

function Day({ provider, merchant, day }: { provider: AccountView["provider"]; merchant: string; day: string }) {
  const { statements: words, yuan } = useWords();
  const { view, plant, busy, failure } = useStatement({ provider, account: merchant, day });
  if (!view) return failure ? <Refusal failure={failure} /> : <Skeleton />;
  return (
    <>
      <div className="tools">
        <Totals view={view} />
        <Button icon={<FilePlus2 />} busy={busy} onClick={() => plant([...view.changes, { kind: "extra", amount: EXTRA_YUAN }])}>
          {words.addExtra}
        </Button>
      </div>
      <Refusal failure={failure} />
      <Planted changes={view.changes} onTakeBack={plant} />
      {view.rows.length === 0 ? (
        <Empty>{words.empty}</Empty>
      ) : (
        <div className="table-scroll">
          <table className="rows">
            <thead>
              <tr>
                <th className="c-order">{words.orderNo}</th>
                <th className="num c-amount">
                  {words.amount} <small>{yuan}</small>
                </th>
                <th className="num c-fee wide">{words.fee}</th>
                <th className="c-at wide num">{words.at}</th>
                <th className="c-plant">{words.difference}</th>
              </tr>
            </thead>
            <tbody>
              {view.rows.map((row, index) => (
                <StatementRow
                  // biome-ignore lint/suspicious/noArrayIndexKey: rows of a duplicate differ in nothing but their place
                  key={`${row.tradeNo}/${row.refundNo}/${index}`}
                  provider={provider}
                  row={row}
                  busy={busy}
                  onPlant={(change) => plant([...view.changes, change])}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

function Totals({ view }: { view: StatementView }) {
  const { statements: words } = useWords();
  const { payments, paidFen, refunds, refundedFen } = view.totals;
  return (
    <p className="totals">
      <State view={view} />
      <span>
        {words.payments(payments)} <Money fen={paidFen} yen />
      </span>
      <span>
        {words.refunds(refunds)} <Money fen={refundedFen} yen />
      </span>
    </p>
  );
}

/** A statement that was planted to be late has no hour at which it will come. */
function State({ view }: { view: StatementView }) {
  const { statements: words } = useWords();
  if (view.ready) return <Chip tone="ok">{words.ready}</Chip>;
  if (view.changes.some(({ kind }) => kind === "late")) return <Chip tone="bad">{words.kindOf.late}</Chip>;
  return (
    <Chip tone="wait">
      {`${words.readyFrom}\u00a0`}
      <When at={view.readyAt} />
    </Chip>
  );
}

/** Every difference of the day; what is missing from the rows can be taken back here alone. */
function Planted({ changes, onTakeBack }: { changes: readonly StatementChange[]; onTakeBack: (left: StatementChange[]) => void }) {
  const { statements: words } = useWords();
  if (changes.length === 0) return null;
  return (
    <ul className="planted" aria-label={words.planted}>
      {changes.map((change, index) => {
        const number = change.kind === "late" ? "" : ((("refundNo" in change && change.refundNo) || change.outTradeNo) ?? "");
        const left = changes.filter((_, other) => other !== index);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same change may be planted twice, and its place is all that tells them apart
          <li key={index}>
            <Chip tone="bad">{words.kindOf[change.kind]}</Chip>
            <Code text={number} />
            <Button
              size="sm"
              look="ghost"
              icon={<Undo2 />}
              aria-label={words.takeBackOne(words.kindOf[change.kind], number)}
              onClick={() => onTakeBack(left)}
            >
              {words.takeBack}
            </Button>
          </li>
        );
      })}
    </ul>
  );
}
