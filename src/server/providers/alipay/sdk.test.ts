import { Socket } from "node:net";
import { expect, it } from "vitest";
import "./sdk";

it("loading the SDK leaves sockets as they were: two that fail for one reason end nothing else", () => {
  const reason = new Error("the agent is closed");

  expect(() => {
    for (const socket of [new Socket(), new Socket()]) {
      socket.on("error", () => {});
      socket.destroy(reason);
    }
  }).not.toThrow();
});
