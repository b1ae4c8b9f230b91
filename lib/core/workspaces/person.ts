import { z } from "zod";

/** Names two accounts of one person. */
export const LinkMembersInput = z.strictObject({ member: z.uuid(), same_as: z.uuid() });
export type LinkMembersInput = z.infer<typeof LinkMembersInput>;

/** Names the account that is a person of its own again. */
export const UnlinkMemberInput = z.strictObject({ member: z.uuid() });
export type UnlinkMemberInput = z.infer<typeof UnlinkMemberInput>;
