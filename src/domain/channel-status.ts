import { defineMachine } from "~/lib/state-machine";

/** 支付配置: one account at one provider. Soft delete is `deletedAt`, outside the machine. */
export const channelMachine = defineMachine({
  states: ["enabled", "disabled"],
  initial: "disabled",
  transitions: {
    enable: { from: ["disabled"], to: "enabled" },
    disable: { from: ["enabled"], to: "disabled" },
  },
});
export type ChannelStatus = (typeof channelMachine.states)[number];

export const CHANNEL_STATUS_LABEL = {
  zh: { enabled: "使用中", disabled: "未启用" },
  en: { enabled: "Enabled", disabled: "Disabled" },
} satisfies Record<"zh" | "en", Record<ChannelStatus, string>>;
