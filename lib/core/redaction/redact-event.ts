import type { Json } from "@/lib/core/shared/json";
import type { AgentEvent } from "@/lib/core/traces/event";

import type { Redacted, Redaction, Redactor } from "./redact";

/** Fields that readers make themselves or take from a closed list: no sender's text gets into them. */
const OURS = new Set<keyof AgentEvent>([
  "eventId",
  "traceId",
  "parentEventId",
  "links",
  "source",
  "dialect",
  "startNs",
  "endNs",
  "ttftMs",
  "kind",
  "usageRole",
  "step",
  "tokens",
  "tokensRead",
  "outcome",
  "outcomeSource",
]);

/** An event as it may be stored: no content unless the workspace keeps it, and every text of the sender's redacted. */
export function redactEvent(redactor: Redactor, event: AgentEvent): Redacted<AgentEvent> {
  const redactions: Redaction[] = [];
  const safe: Record<string, unknown> = { ...event };
  if (!redactor.keepsContent) safe["content"] = {};
  for (const [field, value] of Object.entries(safe)) {
    if (OURS.has(field as keyof AgentEvent) || value === null || value === undefined) continue;
    const redacted = redactor.redact(value as Json, field);
    if (redacted.redactions.length === 0) continue;
    safe[field] = redacted.value;
    redactions.push(...redacted.redactions);
  }
  return { value: safe as unknown as AgentEvent, redactions };
}
