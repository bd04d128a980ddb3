export * from "./channel";
export * from "./event";
export * from "./facetoface";
export * from "./notification";
export * from "./payment";
export * from "./reconciliation";
export * from "./tenant";
