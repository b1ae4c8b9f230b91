import { z } from "zod";

import { ApprovalState } from "@/lib/core/approvals/schema";
import { Band, isAtLeast } from "@/lib/core/decisions/schema";
import { EmailAddress } from "@/lib/core/shared/names";
import { requiredName } from "@/lib/core/shared/note";
import { DELIVERY_STATES, NOTICE_EVENTS } from "./notice-words";

export const NoticeEvent = z.enum(NOTICE_EVENTS);
export type NoticeEvent = z.infer<typeof NoticeEvent>;

/** What happens to a message besides: a test, and a list of what was kept for later. */
export const StageEvent = z.enum([...NOTICE_EVENTS, "test", "digest", "destination.off"]);
export type StageEvent = z.infer<typeof StageEvent>;

/**
 * What is said outside, composed by us. No argument's value, no agent's prose: what is kept outside is out of our hands.
 */
export const Notice = z.object({
  event: StageEvent,
  at: z.string(),
  /** One line: `SEND customer email · production`. */
  title: z.string(),
  agent: z.string().nullable().default(null),
  band: Band.nullable().default(null),
  deadline: z.string().nullable().default(null),
  state: ApprovalState.nullable().default(null),
  /** Who decided, by name; empty while it waits. */
  by: z.array(z.string()).default([]),
  /** Further lines in our own words. */
  lines: z.array(z.string()).default([]),
  /** Where it is on our pages. */
  path: z.string(),
});
export type Notice = z.infer<typeof Notice>;

export const DestinationKind = z.enum(["webhook", "slack", "email"]);
export type DestinationKind = z.infer<typeof DestinationKind>;

/** `failing` was switched off by us, `off` by a person. */
export const DestinationState = z.enum(["on", "off", "failing"]);
export type DestinationState = z.infer<typeof DestinationState>;

const Name = requiredName(80);
const Events = z.array(NoticeEvent).min(1, "choose at least one event").max(NOTICE_EVENTS.length);
const chosen = { name: Name, events: Events, least_band: Band.default("low"), agent: z.string().max(100).optional() };

/** An https address without a password; where it leads is looked at when it is saved and again at each sending. */
const WebhookUrl = z
  .url({ protocol: /^https?$/, error: "must be an https address" })
  .max(2_000)
  .refine((text) => !/^[a-z]+:\/\/[^/?#]*@/i.test(text), "must not hold a password");

export const AddDestinationInput = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("webhook"), ...chosen, address: WebhookUrl }),
  z.strictObject({
    kind: z.literal("slack"),
    ...chosen,
    address: z
      .string()
      .trim()
      .regex(/^[CGD][A-Z0-9]{6,20}$/, "the channel's id, such as C0123456789"),
    bot_token: z
      .string()
      .trim()
      .regex(/^xox[a-z]-[A-Za-z0-9-]{8,250}$/, "a bot token begins with xoxb-"),
    signing_secret: z
      .string()
      .trim()
      .regex(/^[0-9a-f]{32,64}$/i, "the signing secret is in hexadecimal"),
  }),
  z.strictObject({ kind: z.literal("email"), ...chosen, address: EmailAddress }),
]);
export type AddDestinationInput = z.infer<typeof AddDestinationInput>;

export const DestinationRef = z.strictObject({ destination: z.uuid() });
export const SwitchDestinationInput = z.strictObject({ destination: z.uuid(), on: z.enum(["on", "off"]) });
export type SwitchDestinationInput = z.infer<typeof SwitchDestinationInput>;
export const DeliveryRef = z.strictObject({ delivery: z.uuid() });
/** A form that only says "do it". */
export const NoInput = z.strictObject({});

/** A destination as it is shown: never a secret. */
export const DestinationItem = z.object({
  id: z.uuid(),
  kind: DestinationKind,
  name: z.string(),
  address: z.string(),
  agent: z.string().nullable(),
  events: z.array(NoticeEvent),
  least_band: Band,
  state: DestinationState,
  failures: z.int(),
  failing_since: z.date().nullable(),
  before_until: z.date().nullable(),
  created_at: z.date(),
});
export type DestinationItem = z.infer<typeof DestinationItem>;

export const DeliveryState = z.enum(DELIVERY_STATES);
export type DeliveryState = z.infer<typeof DeliveryState>;

/** A message in the list of deliveries. */
export const DeliveryItem = z.object({
  id: z.uuid(),
  to: z.string(),
  kind: z.enum(["webhook", "slack", "email", "person", "agent"]),
  event: StageEvent,
  title: z.string(),
  path: z.string(),
  state: DeliveryState,
  attempts: z.int(),
  told: z.int(),
  stages: z.int(),
  last_error: z.string().nullable(),
  due_at: z.date(),
  attempted_at: z.date().nullable(),
  delivered_at: z.date().nullable(),
  created_at: z.date(),
});
export type DeliveryItem = z.infer<typeof DeliveryItem>;

/** Whether a destination that is told from one band on is told of this one. Things without a band concern everybody. */
export function isFromBand(band: Band | null, least: Band): boolean {
  return band === null || isAtLeast(band, least);
}
