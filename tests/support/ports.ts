export { findFreePort, isFree } from "../../scripts/launch/ports.mjs";
