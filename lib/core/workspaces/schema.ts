import { z } from "zod";

import { EmailAddress } from "@/lib/core/shared/names";
import { requiredName } from "@/lib/core/shared/note";
import { ROLES } from "./roles";

export const Role = z.enum(ROLES);
export type Role = z.infer<typeof Role>;

export const Password = z.string().min(12, "must have at least 12 characters").max(200);

const Roles = z.array(Role).min(1).max(5);

/** Invites a person: they choose their own password, and nobody else ever holds a secret of theirs. */
export const InviteMemberInput = z.strictObject({
  email: EmailAddress,
  name: requiredName(200),
  roles: Roles,
});
export type InviteMemberInput = z.infer<typeof InviteMemberInput>;

/** What an invited person sets up their account with. */
export const AcceptInvitationInput = z.strictObject({ password: Password });
export type AcceptInvitationInput = z.infer<typeof AcceptInvitationInput>;

/** Names a member. */
export const MemberInput = z.strictObject({ member: z.uuid() });
export type MemberInput = z.infer<typeof MemberInput>;

/** Gives a member other roles in place of those they have. */
export const ChangeRolesInput = z.strictObject({ member: z.uuid(), roles: Roles });
export type ChangeRolesInput = z.infer<typeof ChangeRolesInput>;

export const CreateTokenInput = z.strictObject({
  name: requiredName(100).default("personal token"),
  /** Days until it stops working. */
  days: z.int().min(1).max(365).default(90),
});
export type CreateTokenInput = z.infer<typeof CreateTokenInput>;

/** Whom a person may be shown to be: never the password hash. */
export type Member = {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly disabled: boolean;
  readonly demo: boolean;
  /** Null while the invitation is open: an invited person can do nothing yet. */
  readonly joinedAt: Date | null;
};
