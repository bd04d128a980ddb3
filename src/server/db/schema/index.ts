export * from "./channel";
export * from "./event";
export * from "./notification";
export * from "./payment";
export * from "./tenant";
