export { applyStored } from "./apply";
export { getNotificationDetail } from "./detail";
export type { Change } from "./foresee";
export { countNotifications, listNotifications } from "./queries";
export { type Keep, type Receipt, receiptOf, receive } from "./receive";
export { type Rerun, rerunNotification } from "./rerun";
export { tidyUp } from "./tidy";
