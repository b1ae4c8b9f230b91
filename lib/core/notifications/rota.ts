import { z } from "zod";

/** Who is called, in their order, and who is on call now. */
export const SetRotaInput = z.strictObject({
  members: z.array(z.uuid()).max(50).default([]),
  now: z.preprocess((text) => (text === "" ? null : text), z.uuid().nullable().default(null)),
});
export type SetRotaInput = z.infer<typeof SetRotaInput>;

/** A Slack user's id, which the profile in Slack shows under "Copy member ID". */
export const SlackUserId = z
  .string()
  .trim()
  .regex(/^[UW][A-Z0-9]{6,20}$/, "a Slack member id such as U0123456789");

/** Says which person a Slack user is; empty takes the link away. */
export const LinkSlackInput = z.strictObject({
  member: z.uuid(),
  slack_user_id: z.union([z.literal(""), SlackUserId]),
});
export type LinkSlackInput = z.infer<typeof LinkSlackInput>;
