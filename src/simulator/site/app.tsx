import { TipLayer } from "~/components/ui/tip-layer";
import { Desk } from "./desk/desk";
import { TopBar } from "./desk/top-bar";
import { Merchant } from "./merchant/merchant";
import { Skeleton, Trouble } from "./parts/states";
import { Phone } from "./phone/phone";
import { PreferencesProvider, useWords } from "./preferences";
import { KnownProvider, LiveProvider, useFeed, useLive } from "./use-live";

/** The link that a merchant is given leads here; every other address is the site itself. */
const MERCHANT_PATH = /^\/merchant(?:\/(.*))?$/;

export function App() {
  const link = MERCHANT_PATH.exec(location.pathname);
  return (
    <PreferencesProvider>
      <LiveProvider>
        {link ? <Merchant token={link[1] ?? ""} /> : <Site />}
        <TipLayer />
      </LiveProvider>
    </PreferencesProvider>
  );
}

/** The phone at left, the ruled sheet at right, a hatch above both: nothing here is real money. */
function Site() {
  const words = useWords();
  const { retry } = useFeed();
  const { state, faults, signing, failure } = useLive();
  return (
    <>
      <a className="skip" href="#desk">
        {words.skip}
      </a>
      <div className="hatch" aria-hidden />
      <TopBar />
      {state && faults && signing ? (
        <KnownProvider known={{ state, faults, signing }}>
          <main>
            <div className="pocket">
              <Phone />
            </div>
            <Desk />
          </main>
        </KnownProvider>
      ) : (
        <main>
          <div className="pocket">
            <section className="phone" aria-label={words.phone.label} />
          </div>
          <section className="desk">{failure ? <Trouble failure={failure} onRetry={retry} /> : <Skeleton />}</section>
        </main>
      )}
    </>
  );
}
