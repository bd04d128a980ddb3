import { TipLayer } from "~/components/ui/tip-layer";
import { Desk } from "./desk/desk";
import { TopBar } from "./desk/top-bar";
import { Skeleton, Trouble } from "./parts/states";
import { Phone } from "./phone/phone";
import { PreferencesProvider, useWords } from "./preferences";
import { KnownProvider, LiveProvider, useFeed, useLive } from "./use-live";

export const App = () => (
  <PreferencesProvider>
    <LiveProvider>
      <Site />
      <TipLayer />
    </LiveProvider>
  </PreferencesProvider>
);

/** The phone at left, the ruled sheet at right, a hatch above both: nothing here is real money. */
function Site() {
  const words = useWords();
  const { retry } = useFeed();
  const { state, faults, failure } = useLive();
  return (
    <>
      <a className="skip" href="#desk">
        {words.skip}
      </a>
      <div className="hatch" aria-hidden />
      <TopBar />
      {state && faults ? (
        <KnownProvider known={{ state, faults }}>
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
