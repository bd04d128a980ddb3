import type { Recipes } from "./recipe";

/** Cases, messages, history and the workbench. */
export const deskRecipes: Recipes = {
  "dashboard.workbench": { own: () => [{}] },
  "frame.get": { own: () => [undefined] },
  "event.list": { filters: (theirs) => [{ limit: 100 }, ...[theirs.payment, theirs.user, theirs.case].map((q) => ({ q }))] },
  "event.get": { refers: ({ event }) => [{ id: event }] },
  "event.live": { own: () => [undefined] },
  "exception.list": { filters: ({ outTradeNo, case: id }) => [{ limit: 100 }, { q: outTradeNo }, { q: id }] },
  "exception.sum": { own: () => [undefined] },
  "exception.get": { refers: (theirs) => [{ caseId: theirs.case }] },
  "exception.assign": {
    refers: (theirs, mine) => [
      { caseId: theirs.case, userId: mine.user },
      { caseId: theirs.case, userId: null },
      { caseId: mine.case, userId: theirs.user },
    ],
  },
  "exception.note": { refers: (theirs) => [{ caseId: theirs.case, text: "看过了" }] },
  "exception.dismiss": { refers: (theirs) => [{ caseId: theirs.case, reason: "无妨" }] },
  "reconciliation.calendar": { own: () => [{}, { month: "2026-11" }] },
  "reconciliation.difference": { refers: ({ difference }) => [{ differenceId: difference }] },
  "reconciliation.get": { refers: ({ day }) => [{ dayId: day }] },
  "reconciliation.list": {
    filters: ({ day, difference, outTradeNo }) => [{ limit: 100 }, { dayId: day }, { q: outTradeNo }, { q: difference }],
  },
  "reconciliation.assign": {
    refers: (theirs, mine) => [
      { differenceId: theirs.difference, userId: mine.user },
      { differenceId: mine.difference, userId: theirs.user },
    ],
  },
  "reconciliation.resolve": { refers: ({ difference }) => [{ differenceId: difference, reason: "已核对" }] },
  "reconciliation.rerun": { refers: ({ day }) => [{ dayId: day }] },
  "reconciliation.lock": { refers: ({ day }) => [{ dayId: day }] },
  "reconciliation.unlock": { refers: ({ day }) => [{ dayId: day }] },
  "inbox.list": {
    filters: ({ outTradeNo, notification, channel }) => [{ limit: 100 }, { q: outTradeNo }, { q: notification }, { channelId: channel }],
  },
  "inbox.counts": { filters: ({ outTradeNo, channel }) => [{ q: outTradeNo }, { channelId: channel }] },
  "inbox.get": { refers: ({ notification }) => [{ notificationId: notification }] },
  "inbox.rerun": {
    refers: ({ notification }) => [
      { notificationId: notification, mode: "dry" },
      { notificationId: notification, mode: "real" },
    ],
  },
};
