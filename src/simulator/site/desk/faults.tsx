import { useState } from "react";
import { PROVIDERS, type Provider } from "~/domain/provider";
import { Segment, Select } from "../parts/controls";
import { ProviderMark } from "../parts/show";
import { useWords } from "../preferences";
import { useKnown } from "../use-live";
import { faultKey, type Scope } from "./fault-key";
import { FaultRow } from "./fault-row";

/** Every way to go wrong, as switches of one scope at a time. */
export function Faults() {
  const { faults: words } = useWords();
  const { faults } = useKnown();
  const [scope, setScope] = useState<Scope>({ side: "request", provider: "alipay", route: null, account: null });
  const key = faultKey(scope);
  const kinds = faults.kinds.filter(
    ({ for: side, providers, routes }) =>
      side === scope.side && providers.includes(scope.provider) && (!scope.route || !routes || routes.includes(scope.route)),
  );
  return (
    <div className="faults">
      <ScopeTools scope={scope} onScope={setScope} />
      <p className="note">{words.oneEach}</p>
      <div className="fault-rows">
        <div className="fault-head" aria-hidden>
          <span>{words.kind}</span>
          <span>{words.times}</span>
          <span>{words.percent}</span>
          <span />
          <span className="num">{words.struck}</span>
        </div>
        {kinds.map((kind) => (
          <FaultRow key={`${key}/${kind.kind}`} scopeKey={key} kind={kind} />
        ))}
      </div>
      <p className="note">{words.amounts}</p>
    </div>
  );
}

function ScopeTools({ scope, onScope }: { scope: Scope; onScope: (scope: Scope) => void }) {
  const words = useWords();
  const { state, faults } = useKnown();
  const accounts = state.accounts.filter(({ provider }) => provider === scope.provider);
  return (
    <div className="tools">
      <Segment
        label={words.faults.side}
        value={scope.side}
        onChange={(side) => onScope({ ...scope, side, route: null })}
        choices={[
          { key: "request", label: words.faults.request },
          { key: "notification", label: words.faults.notification },
        ]}
      />
      <Segment
        label={words.faults.provider}
        value={scope.provider}
        onChange={(provider: Provider) => onScope({ ...scope, provider, route: null, account: null })}
        choices={PROVIDERS.map((provider) => ({
          key: provider,
          label: (
            <>
              <ProviderMark provider={provider} />
              {words.providerTab[provider]}
            </>
          ),
        }))}
      />
      {scope.side === "request" && (
        <Select
          label={words.faults.route}
          value={scope.route ?? ""}
          onChange={(route) => onScope({ ...scope, route: route || null })}
          choices={[["", words.faults.everyRoute], ...faults.routes[scope.provider].map((route) => [route, route] as const)]}
        />
      )}
      {accounts.length > 1 && (
        <Select
          label={words.faults.account}
          value={scope.account ?? ""}
          onChange={(account) => onScope({ ...scope, account: account || null })}
          choices={[
            ["", words.faults.everyAccount],
            ...accounts.map(({ account, name }) => [account, name ? `${name} ${account}` : account] as const),
          ]}
        />
      )}
    </div>
  );
}
