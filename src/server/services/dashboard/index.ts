export { checkRollUp, rollUpRows } from "./check-roll-up";
export { exportWorkbench } from "./export";
export { emptyFrame, getFrame } from "./frame";
export { rollUp } from "./roll-up";
export { getWorkbench, type Workbench } from "./workbench";
