import { z } from "zod";

import type { JsonObject } from "@/lib/core/shared/json";

import { type Resolution, RESOLUTION_WORDS } from "./schema";
import type { Why } from "./why";
import { sayAlert } from "./words";

/** What is told of an alert: to screens that they are old, to people what happened. */
export const AlertPayload = z.object({
  alert: z.uuid(),
  agent: z.string(),
  /** False while the first alert of its group speaks for it. */
  first: z.boolean(),
  title: z.string(),
  lines: z.array(z.string()),
});
export type AlertPayload = z.infer<typeof AlertPayload>;

type Told = {
  readonly id: string;
  readonly agent: string;
  readonly beganAt: Date;
  readonly why: Why;
  readonly resolution: Resolution | null;
  readonly isFirst: boolean;
  /** Whether the tool it comes from is in the catalogue. */
  readonly isToolKnown: boolean;
};

/**
 * Makes the message of an alert: what happened, since when, compared with what, and what to do next. It leaves for Slack,
 * mail and webhooks, so it names a tool only where the catalogue has it: any other name is text that the agent sent.
 */
export function alertPayload({ id, agent, beganAt, why, resolution, isFirst, isToolKnown }: Told): JsonObject {
  const tool = why.tool === null || isToolKnown ? why.tool : "one tool";
  const { title, happened, since, compared, next } = sayAlert({
    why: { ...why, tool },
    agent,
    since: beganAt.toISOString(),
  });
  const lines =
    resolution === null ? [happened, since, compared, ...next] : [`${RESOLUTION_WORDS[resolution]}.`, since];
  return { alert: id, agent, first: isFirst, title, lines };
}
