import { newChannelInput } from "../world";
import type { Recipes } from "./recipe";

const byId = { refers: ({ channel }) => [{ channelId: channel }] } satisfies Recipes[string];
const token = { subjectKind: "merchant", subject: "2088000000000000", token: "app-auth-token" };

export const channelRecipes: Recipes = {
  "channel.list": { filters: ({ channel }) => [{ limit: 100 }, { cursor: channel }] },
  "channel.get": byId,
  "channel.notifyUrls": byId,
  "channel.checks": byId,
  "channel.check": { refers: ({ channel }) => [{ channelId: channel, name: "clock", run: "run-00000001" }] },
  "channel.create": { own: () => [newChannelInput()] },
  "channel.update": { refers: ({ channel }) => [{ channelId: channel, name: "改名" }] },
  "channel.replaceKey": { refers: ({ channel }) => [{ channelId: channel, alipay: { aesKey: null } }] },
  "channel.revokeKey": {
    refers: (theirs, mine) => [
      { channelId: theirs.channel, keyId: theirs.key },
      { channelId: mine.channel, keyId: theirs.key },
      { channelId: theirs.channel, keyId: mine.key },
    ],
  },
  "channel.enable": byId,
  "channel.disable": byId,
  "channel.setDefault": byId,
  "channel.delete": byId,
  "channel.tokenAdd": { refers: ({ channel }) => [{ channelId: channel, ...token }] },
  "channel.tokenRevoke": {
    refers: (theirs, mine) => [
      { channelId: theirs.channel, tokenId: theirs.token },
      { channelId: mine.channel, tokenId: theirs.token },
      { channelId: theirs.channel, tokenId: mine.token },
    ],
  },
};
