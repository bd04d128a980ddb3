export { applyStored } from "./apply";
export { countNotifications, getNotificationDetail, listNotifications } from "./queries";
export { type Keep, type Receipt, receiptOf, receive } from "./receive";
export { type Change, type Rerun, rerunNotification } from "./rerun";
export { tidyUp } from "./tidy";
