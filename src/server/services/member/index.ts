export { addMember, type NewMember, personFor } from "./add";
export { changeRole, disableMember, enableMember } from "./change";
export {
  acceptInvitation,
  inviteMember,
  listInvitations,
  type NewInvitation,
  openInvitation,
  revokeInvitation,
  writeInvitation,
} from "./invite";
export { joinTenant } from "./join";
export { maskEmail } from "./mask";
export { listMembers } from "./queries";
export { createUser, findUserByEmail, insertUser } from "./user";
export { checkWorksHere } from "./works-here";
