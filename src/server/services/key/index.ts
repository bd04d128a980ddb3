export { type Rotation, rotateKeys } from "./rotate";
