import { z } from "zod";

/** Somebody decides for somebody else for a while. */
export const Delegation = z.object({
  id: z.uuid(),
  fromId: z.uuid(),
  fromName: z.string(),
  toId: z.uuid(),
  toName: z.string(),
  startsAt: z.date(),
  endsAt: z.date(),
  /** Whether it has begun. */
  running: z.boolean(),
});
export type Delegation = z.infer<typeof Delegation>;

/** Hands one's reviewing to another; without a beginning, from now. */
export const DelegateInput = z.strictObject({
  to: z.uuid(),
  starts_at: z.iso.datetime().optional(),
  ends_at: z.iso.datetime(),
});
export type DelegateInput = z.infer<typeof DelegateInput>;

/** Names the delegation to end before its time. */
export const EndDelegationInput = z.strictObject({ delegation: z.uuid() });
export type EndDelegationInput = z.infer<typeof EndDelegationInput>;

/** Longer than this is no absence: then the other person should hold the role and this one should not. */
export const LONGEST_DELEGATION_DAYS = 92;
