export { findChannelsOfApp, findTenantOfChannel, type NotifyUrls, notifyUrlsOf } from "./address";
export { type CallbackChannel, cachedChannel, callbackChannel, forgetChannel, loadProviderChannel } from "./cache";
export { deleteChannel, moveChannel, setDefaultChannel, updateChannel } from "./change";
export { type CreatedChannel, createChannel } from "./create";
export { enableChannel, examineChannel, runCheck } from "./doctor";
export { noteSuccess } from "./note-success";
export { readProviderChannel } from "./provider-channel";
export {
  type ChannelDetail,
  type ChannelView,
  chooseChannel,
  getChannel,
  type KeyView,
  listChannels,
  listUsableChannels,
  type TokenView,
} from "./queries";
export { refreshCertificates } from "./refresh-certificates";
export { replaceKeys, revokeKey } from "./replace-keys";
export { addToken, openToken, revokeToken } from "./tokens";
