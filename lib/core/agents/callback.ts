import { z } from "zod";

import { ApprovalState } from "@/lib/core/approvals/schema";

const MOST_URL = 2_000;

/** An address outside that may be told something: https, a name or a public address, and no password in it. */
export const CallbackUrl = z
  .string()
  .trim()
  .max(MOST_URL)
  .refine((text) => {
    const url = URL.canParse(text) ? new URL(text) : null;
    return url?.protocol === "https:" && url.username === "" && url.password === "" && url.hash === "";
  }, "must be an https address without a password");

/** Where an agent is told what became of its requests. Each setting makes a new secret. */
export const SetCallbackInput = z.strictObject({ agent: z.string().min(1).max(100), url: CallbackUrl });
export type SetCallbackInput = z.infer<typeof SetCallbackInput>;

export const RemoveCallbackInput = SetCallbackInput.pick({ agent: true });
export type RemoveCallbackInput = z.infer<typeof RemoveCallbackInput>;

/** An agent's call-back as people see it: never with its secret. */
export type Callback = { readonly url: string; readonly createdAt: Date };

/** What is sent there when a request is settled, as the body of a Standard Webhooks message of type `approval.settled`. */
export const CallbackPayload = z.object({
  approval_id: z.uuid(),
  decision_id: z.uuid(),
  state: ApprovalState,
  /** What the person who denied or returned it wrote. */
  note: z.string().nullable(),
  superseded_by: z.uuid().nullable(),
});
export type CallbackPayload = z.infer<typeof CallbackPayload>;
