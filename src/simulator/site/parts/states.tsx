import type { ReactNode } from "react";
import type { ControlFailure } from "../control-client";
import { useWords } from "../preferences";
import { refusalText } from "../words/refusal";
import { Button } from "./controls";

/** In the place of what is not there: one sentence and one action. */
export const Empty = ({ children, action }: { children: ReactNode; action?: ReactNode }) => (
  <p className="empty">
    {children}
    {action}
  </p>
);

const ROWS = ["a", "b", "c", "d", "e", "f", "g", "h"];

export function Skeleton() {
  const words = useWords();
  return (
    <div className="skeleton" role="status" aria-label={words.loading}>
      {ROWS.map((row) => (
        <i key={row} />
      ))}
    </div>
  );
}

/** Beside the button whose deed was refused. */
export function Refusal({ failure }: { failure: ControlFailure | null }) {
  const words = useWords();
  if (!failure) return null;
  return (
    <p role="alert" className="refusal">
      {refusalText(words, failure)}
    </p>
  );
}

/** The three answers where the site could not be read at all. */
export function Trouble({ failure, onRetry }: { failure: ControlFailure; onRetry: () => void }) {
  const { failure: words } = useWords();
  const [what, next] =
    failure.code === "unreachable"
      ? [words.unreachable, words.unreachableNext]
      : failure.code === "forbidden"
        ? [words.forbidden, words.forbiddenNext]
        : [words.other, words.otherNext];
  return (
    <div className="trouble" role="alert">
      <dl>
        <dt>{words.what}</dt>
        <dd>{what}</dd>
        <dt>{words.money}</dt>
        <dd>
          <i className="not-moved" aria-hidden />
          {words.noMoney}
        </dd>
        <dt>{words.next}</dt>
        <dd>{next}</dd>
      </dl>
      <Button onClick={onRetry}>{words.retry}</Button>
    </div>
  );
}
