import type { AgentEvent } from "./event";
import { byTime, type EventKey, keyOf } from "./tree";

/**
 * The failed tool calls that were tried again: an error, and later in the same run the same tool with the same
 * arguments. They are the earlier ones; what was said outright, or is a failed validation, stays what it is.
 *
 * @param digestOf the digest of a call's arguments; null where they are not known, since then nothing is the same
 */
export function retriedEvents(
  events: Iterable<AgentEvent>,
  digestOf: (event: AgentEvent) => string | null,
): ReadonlySet<EventKey> {
  const failed = new Map<string, AgentEvent>();
  const retried = new Set<EventKey>();
  for (const event of [...events].filter(({ kind }) => kind === "tool").sort(byTime)) {
    const digest = digestOf(event);
    if (event.tool === null || digest === null) continue;
    const call = JSON.stringify([event.runId ?? event.traceId, event.tool.name, digest]);
    const before = failed.get(call);
    if (before !== undefined && keyOf(before) !== keyOf(event)) retried.add(keyOf(before));
    if (event.error !== null && event.outcome === null) failed.set(call, event);
    else failed.delete(call);
  }
  return retried;
}
