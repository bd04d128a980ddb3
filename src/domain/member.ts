import { z } from "zod";
import { PASSWORD_MAX } from "./password";
import { ROLES } from "./tenant";

// Control characters, line separators and halves of characters have no place in a line of text (IN-01).
const LINE = /^[^\p{Cc}\p{Zl}\p{Zp}\p{Cs}]*$/u;
const line = (max: number) => z.string().trim().min(1).max(max).regex(LINE).normalize("NFC");

export const userIdSchema = z.string().regex(/^usr_[0-9a-z]{26}$/);
export const tenantIdSchema = z.string().regex(/^ten_[0-9a-z]{26}$/);

export const RoleSchema = z.enum(ROLES);

export const EmailSchema = z.email().max(254).toLowerCase();
export const PersonName = line(60);
/** A password as typed: which rules a new one must keep is decided where its owner is known. */
export const PasswordText = z
  .string()
  .min(1)
  .max(PASSWORD_MAX * 2);

/** How long an invitation's link works (SES-08). */
export const INVITATION_HOURS = 72;

export const ListMembers = z.strictObject({
  search: z.string().trim().max(60).optional(),
  cursor: z.string().max(120).optional(),
  limit: z.number().int().min(1).max(100).default(50),
});
export const InviteMember = z.strictObject({ email: EmailSchema, role: RoleSchema });
export const MemberRef = z.strictObject({ userId: userIdSchema });
export const ChangeRole = z.strictObject({ userId: userIdSchema, role: RoleSchema });
export const InvitationRef = z.strictObject({ id: z.string().regex(/^inv_[0-9a-z]{26}$/) });
export const SessionRef = z.strictObject({ id: z.string().regex(/^ses_[0-9a-z]{26}$/) });

const InvitationToken = z.string().regex(/^[0-9a-z]{26}$/);
/** Name and password come from somebody new; somebody signed in brings both already. */
export const AcceptInvitation = z.strictObject({
  token: InvitationToken,
  account: z.strictObject({ name: PersonName, password: PasswordText }).optional(),
});
export const OpenInvitation = z.strictObject({ token: InvitationToken });

export const ChangePassword = z.strictObject({ current: PasswordText, next: PasswordText });
export const ConfirmPassword = z.strictObject({ password: PasswordText });
export const SignIn = z.strictObject({ email: z.string().trim().toLowerCase().min(1).max(254), password: PasswordText });

export const CreateTenant = z.strictObject({
  name: line(60),
  slug: z.string().regex(/^[a-z0-9][a-z0-9-]{1,38}$/),
  ownerEmail: EmailSchema,
});
export const ListTenants = z.strictObject({
  search: z.string().trim().max(60).optional(),
  status: z.enum(["active", "suspended"]).optional(),
  cursor: z.string().max(120).optional(),
  limit: z.number().int().min(1).max(100).default(50),
});
export const TenantRef = z.strictObject({ tenantId: tenantIdSchema });
const Reason = line(200);
export const SuspendTenant = z.strictObject({ tenantId: tenantIdSchema, reason: Reason });
/** A grant lasts four hours at most (TEN-11). */
export const GRANT_MINUTES_MAX = 240;
export const EnterTenant = z.strictObject({
  tenantId: tenantIdSchema,
  reason: Reason,
  minutes: z.number().int().min(5).max(GRANT_MINUTES_MAX),
});
const limitFen = z.bigint().min(1n).max(10_000_000_000n);
export const SetLimits = z.strictObject({ tenantId: tenantIdSchema, paymentMaxFen: limitFen, confirmAboveFen: limitFen });
