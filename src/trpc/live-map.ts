/** Which routers' answers change with news of a noun. `*` is everything, for news that we may have missed or do not know. */
const CHANGED_BY: Readonly<Record<string, readonly string[]>> = {
  payment: ["payment", "dashboard", "exception"],
  transaction: ["payment", "dashboard"],
  exception: ["exception", "dashboard", "payment", "inbox"],
  reconciliation: ["reconciliation"],
  difference: ["reconciliation", "dashboard"],
  facetoface: ["facetoface", "dashboard"],
  // A picture is seen with its application, whose own news tells of it.
  picture: [],
  notification: ["inbox", "dashboard", "payment"],
  channel: ["channel", "dashboard", "inbox"],
  member: ["member"],
  membership: ["member"],
  invitation: ["member"],
  tenant: ["tenant"],
};

/** The routers that an event such as `payment.settle` touches. Every event is a row of the audit as well. */
export function routersOf(type: string): readonly string[] {
  const touched = CHANGED_BY[type.split(".", 1)[0] ?? ""];
  return touched ? [...touched, "event"] : ["*"];
}
