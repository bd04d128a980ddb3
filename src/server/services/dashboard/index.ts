export { checkRollUp, rollUpRows } from "./check-roll-up";
export { exportWorkbench } from "./export";
export { type Frame, getFrame, type PlatformClock, readPlatformClock } from "./frame";
export { rollUp } from "./roll-up";
export { getWorkbench, type Workbench } from "./workbench";
