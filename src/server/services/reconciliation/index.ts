export { beginDays } from "./begin";
export { assignDifference, lockDay, rerunDay, resolveDifference, unlockDay } from "./desk";
export { getDifferenceDetail } from "./difference";
export { type DayDetail, getCalendar, getDayDetail, listDifferences, sumOpen } from "./queries";
export { reconcileDay } from "./reconcile";
export { reconcileDate } from "./reconcile-date";
