export { emit, type NewEvent, SEAL_AFTER_MS } from "./emit";
export { historyOf } from "./history";
export { type EventRow, getEvent, listEvents } from "./queries";
export { sealEvents } from "./seal";
export { type ChainFault, type ChainReport, verifyChain } from "./verify";
