import { useEffect, useState } from "react";
import type { ApplicationView } from "../../control/types";
import { ControlFailure } from "../control-client";
import { TopBar } from "../desk/top-bar";
import { Skeleton, Trouble } from "../parts/states";
import { useWords } from "../preferences";
import { useLive } from "../use-live";
import { Answered } from "./answered";
import { Asked } from "./asked";
import { readApplication } from "./read-application";

type Read = { application: ApplicationView | null; failure: ControlFailure | null };

/** The page behind a confirm link, on the merchant's own phone. */
export function Merchant({ token }: { token: string }) {
  const words = useWords();
  const { state, signing } = useLive();
  const [read, setRead] = useState<Read>({ application: null, failure: null });
  const [tries, setTries] = useState(0);

  // Whatever moves at the desk arrives with the live feed: then this one is read again.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `signing` and `tries` say when to read, not what
  useEffect(() => {
    let isStale = false;
    readApplication(token).then(
      (application) => !isStale && setRead({ application, failure: null }),
      (failure: unknown) => {
        if (!(failure instanceof ControlFailure)) throw failure;
        if (!isStale) setRead((last) => ({ application: failure.code === "not_found" ? null : last.application, failure }));
      },
    );
    return () => {
      isStale = true;
    };
  }, [token, signing, tries]);

  const { application, failure } = read;
  return (
    <>
      <div className="hatch" aria-hidden />
      <TopBar />
      <main className="merchant-page">
        <section className="phone" aria-label={words.merchant.label}>
          <header className="screen-head">
            <h2>{words.merchant.title}</h2>
          </header>
          <div className="screen cashier alipay">
            {application && !state ? (
              <Skeleton />
            ) : application?.can.confirm ? (
              <Asked application={application} onAnswer={(next) => setRead({ application: next, failure: null })} token={token} />
            ) : application || failure?.code === "not_found" ? (
              <Answered application={application} />
            ) : failure ? (
              <Trouble failure={failure} onRetry={() => setTries(tries + 1)} />
            ) : (
              <Skeleton />
            )}
          </div>
        </section>
      </main>
    </>
  );
}
