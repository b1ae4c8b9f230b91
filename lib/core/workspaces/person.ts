import { z } from "zod";

/** Names two accounts of one person, the other by its id or e-mail address. */
export const LinkMembersInput = z.strictObject({ member: z.uuid(), same_as: z.string().trim().min(1).max(320) });
export type LinkMembersInput = z.infer<typeof LinkMembersInput>;

/** Names the account that is a person of its own again. */
export const UnlinkMemberInput = z.strictObject({ member: z.uuid() });
export type UnlinkMemberInput = z.infer<typeof UnlinkMemberInput>;
