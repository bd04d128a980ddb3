import { useState } from "react";
import type { AccountView, KeyMode } from "../../control/types";
import { control } from "../control-client";
import { CopyButton, ProviderMark } from "../parts/show";
import { Empty, Refusal } from "../parts/states";
import { useWords } from "../preferences";
import { useAct } from "../use-act";
import { useKnown } from "../use-live";

type WechatAccount = Extract<AccountView, { provider: "wechat" }>;

const MODES: readonly KeyMode[] = ["certificates", "grey", "public_key", "rotation"];

/** Who is registered at either provider, and which keys WeChat Pay signs with. */
export function Accounts() {
  const { accounts: words } = useWords();
  const { state } = useKnown();
  if (state.accounts.length === 0) return <Empty>{words.empty}</Empty>;
  return (
    <ul className="accounts">
      {state.accounts.map((account) => (
        <li key={`${account.provider}/${account.account}`}>
          <h3>
            <ProviderMark provider={account.provider} />
            {account.name ?? words.unnamed}
          </h3>
          {account.provider === "alipay" ? (
            <>
              <dl className="facts">
                <Fact name={words.appId} value={account.account} />
                <Fact name={words.sellerId} value={account.sellerId} />
                <Fact name={words.appCertSn} value={account.appCertSn} />
                <Fact name={words.alipayCertSn} value={account.alipayCertSn} />
              </dl>
              <p className="note">{words.alipayKeys}</p>
            </>
          ) : (
            <>
              <dl className="facts">
                <Fact name={words.mchid} value={account.account} />
                <Fact name={words.appid} value={account.appid} />
                <Fact name={words.merchantSerial} value={account.merchantSerial} />
                {account.keyIds.map((id) => (
                  <Fact key={id} name={words.keyIds} value={id} />
                ))}
              </dl>
              <KeyModes account={account} />
            </>
          )}
        </li>
      ))}
    </ul>
  );
}

const Fact = ({ name, value }: { name: string; value: string }) => (
  <div>
    <dt>{name}</dt>
    <dd className="mono">
      <span>{value}</span>
      <CopyButton text={value} thing={name} />
    </dd>
  </div>
);

function KeyModes({ account }: { account: WechatAccount }) {
  const { accounts: words, faults } = useWords();
  const [percent, setPercent] = useState(String(account.percent));
  // Making the keys of a rotation takes seconds: the choice shows at once and falls back should it be refused.
  const [wanted, setWanted] = useState<KeyMode | null>(null);
  if (wanted === account.keyMode) setWanted(null);
  const { run, busy, failure } = useAct(async (mode: KeyMode, share?: number) => {
    setWanted(mode);
    try {
      await control("POST", "keys", { mchid: account.account, mode, ...(share === undefined ? {} : { percent: share }) });
    } catch (error) {
      setWanted(null);
      throw error;
    }
  });
  const bad = !/^\d{1,3}$/.test(percent) || Number(percent) > 100;
  const applyPercent = () => {
    if (!bad && Number(percent) !== account.percent) run("grey", Number(percent));
  };
  return (
    <fieldset className="key-modes" aria-busy={busy}>
      <legend>{words.keyMode}</legend>
      {MODES.map((mode) => {
        const [name, note] = words.mode[mode] ?? [mode, ""];
        return (
          <label key={mode}>
            <input
              type="radio"
              name={`mode-${account.account}`}
              checked={(wanted ?? account.keyMode) === mode}
              onChange={() => run(mode, mode === "grey" && !bad ? Number(percent) : undefined)}
            />
            <span>
              {name}
              <small>{note}</small>
            </span>
            {mode === "grey" && (
              <span className="percent">
                <input
                  aria-label={words.percent}
                  inputMode="numeric"
                  value={percent}
                  aria-invalid={bad}
                  aria-description={bad ? faults.badNumber(0, "100") : undefined}
                  onChange={(event) => setPercent(event.target.value.trim())}
                  onBlur={applyPercent}
                  onKeyDown={(event) => event.key === "Enter" && applyPercent()}
                />
                %
              </span>
            )}
          </label>
        );
      })}
      <Refusal failure={failure} />
    </fieldset>
  );
}
