import type { Provider } from "~/domain/provider";
import { hours, minutes, seconds } from "~/lib/time";

/** Gaps between deliveries while nobody accepts: 8 deliveries in about 25 hours, and 16 in 24 hours and 4 minutes. */
const GAPS_MS: Record<Provider, readonly number[]> = {
  alipay: [minutes(4), minutes(10), minutes(10), hours(1), hours(2), hours(6), hours(15)],
  wechat: [
    ...[seconds(15), seconds(15), seconds(30)],
    ...[minutes(3), minutes(10), minutes(20), minutes(30), minutes(30), minutes(30), minutes(60)],
    ...[hours(3), hours(3), hours(3), hours(6), hours(6)],
  ],
};

/** How long the receiver may take, in real time. WeChat Pay states five seconds; Alipay states nothing, and we give it the same. */
export const ANSWER_LIMIT_MS = 5_000;

/** When delivery number `tries` (0 is the first) is due after the first one, or null when there are no more. */
export function offsetMs(provider: Provider, tries: number): number | null {
  const gaps = GAPS_MS[provider];
  if (tries > gaps.length) return null;
  return gaps.slice(0, tries).reduce((sum, gap) => sum + gap, 0);
}
