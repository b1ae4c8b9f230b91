import { z } from "zod";

import { DETECTORS, REDACTION_ACTIONS } from "./detectors";

export const Detector = z.enum(DETECTORS);
export type Detector = z.infer<typeof Detector>;

export const RedactionAction = z.enum(REDACTION_ACTIONS);
export type RedactionAction = z.infer<typeof RedactionAction>;

/** What may be kept in the clear: data about people, where a workspace needs it. Never what opens a door. */
const MAY_BE_KEPT: ReadonlySet<Detector> = new Set(["card", "iban", "email", "phone"]);

const Where = z.string().trim().min(1, "Give a place, or * for everywhere.").max(300, "At most 300 characters.");

/** One rule of a workspace: what happens to what a detector finds at a place. The first rule that fits decides. */
export const RedactionRule = z
  .strictObject({
    /** A path such as `tool.args.customer.*`, with `*` and `?`; letters' case makes no difference. */
    where: Where,
    /** `*` is any detector that looks at texts. */
    detector: z.union([Detector, z.literal("*")]),
    action: RedactionAction,
    /** The agents it is for, by id or pattern; null is all of them. */
    agent: z.string().trim().min(1).max(200).nullable().default(null),
  })
  .refine(
    ({ action, detector }) => action !== "keep" || (detector !== "*" && MAY_BE_KEPT.has(detector)),
    "Only cards, IBANs, e-mail addresses and phone numbers may be kept.",
  );
export type RedactionRule = z.infer<typeof RedactionRule>;

/** How a workspace redacts what comes in, before anything is stored. */
export const RedactionSettings = z.strictObject({
  /** Whether prompts, replies and other texts are kept at all; what is kept is redacted like the rest. */
  keep_content: z.boolean().default(false),
  rules: z.array(RedactionRule).max(200, "At most 200 rules.").default([]),
});
export type RedactionSettings = z.infer<typeof RedactionSettings>;

/** What happens where no rule fits. People stay countable; what opens a door does not stay at all. */
export const DEFAULT_ACTIONS: Readonly<Record<Detector, RedactionAction>> = {
  value: "mask",
  private_key: "mask",
  api_key: "mask",
  jwt: "mask",
  authorization: "mask",
  url_password: "mask",
  secret: "mask",
  card: "mask",
  iban: "mask",
  email: "hash",
  phone: "hash",
};
