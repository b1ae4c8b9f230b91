import { z } from "zod";

import { EmailAddress } from "@/lib/core/shared/names";

/** What a person may do. A person may hold several; `admin` may do what the others may, except review. */
export const ROLES = ["viewer", "reviewer", "operator", "policy_admin", "admin"] as const;
export const Role = z.enum(ROLES);
export type Role = z.infer<typeof Role>;

export const Password = z.string().min(12, "must have at least 12 characters").max(200);

export const CreateMemberInput = z.strictObject({
  email: EmailAddress,
  name: z.string().trim().min(1).max(200),
  roles: z.array(Role).min(1).max(5),
  password: Password.optional(),
});
export type CreateMemberInput = z.infer<typeof CreateMemberInput>;

export const CreateTokenInput = z.strictObject({
  name: z.string().trim().min(1).max(100).default("personal token"),
  /** Days until it stops working. */
  days: z.int().min(1).max(365).default(90),
  /** An administrator may make a token for another member: their e-mail address or id. */
  member: z.string().max(320).optional(),
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
};
