import type { Call, CallContext } from "@/lib/core/decisions/schema";
import type { Manifest } from "@/lib/core/manifests/schema";
import { DAY_MS } from "@/lib/core/shared/time";

import { type ContextFault, fault } from "./fault";
import { ageMs, entriesOf, isWithin, type Placed, statedScope } from "./freshness";

/** What an agent keeps between calls, by how long it may. */
export const MEMORY_AREAS = ["scratchpad", "preferences", "log"] as const;
export type MemoryArea = (typeof MEMORY_AREAS)[number];

export type MemoryRules = NonNullable<Manifest["memory"]>;

/** Who is asking, as far as memory is tied to a run or a session; null when that is not said. */
export type MemoryUser = { readonly [key in "session_id" | "run_id"]: string | null };

/** The reserved source under which context from memory is declared. */
export const memorySource = (area: MemoryArea) => `memory.${area}`;

/** Whether a name is kept for memory, of which there are three areas and no more. */
export const isMemoryName = (name: string) => name.startsWith("memory.");

/**
 * What the memory rules say against the memory a call rests on.
 *
 * A closed rule: they bind every entry of the sources `memory.scratchpad`, `memory.preferences` and `memory.log`,
 * whether or not the tool asks for that source, and the arguments `run_id` and `session_id` of tools named
 * `memory.scratchpad.…`.
 */
export function memoryFaults(
  memory: MemoryRules,
  { context, user, now }: { readonly context: readonly CallContext[]; readonly user: MemoryUser; readonly now: Date },
): readonly ContextFault[] {
  const of = (area: MemoryArea, find: (entry: Placed) => ContextFault | null) =>
    entriesOf(memorySource(area), context).flatMap((entry) => find(entry) ?? []);
  return [
    ...of("scratchpad", (entry) => scratchpadFault(memory.scratchpad, entry, user)),
    ...of("preferences", (entry) => preferenceFault(memory.preferences, entry, now)),
    ...of("log", (entry) => logFault(memory.log, entry, now)),
  ];
}

/** A scratchpad ends with its run or, retained for the session, with its session. */
function scratchpadFault(
  rules: MemoryRules["scratchpad"],
  { given, index }: Placed,
  user: MemoryUser,
): ContextFault | null {
  if (rules === undefined) return null;
  const key = keptFor(rules.retain);
  const path = `/context/${index}/scope`;
  const kept = statedScope(given, key);
  if (kept === null) {
    const message = `\`memory.scratchpad\` does not say which \`${key}\` it was kept for.`;
    return fault(SCRATCHPAD_RULE, "out_of_scope", { message, path });
  }
  const session = statedScope(given, "session_id");
  const isOther = session !== null && session !== user.session_id;
  return kept === user[key] && !isOther ? null : notRetained(key, path);
}

/** Tools named `memory.scratchpad.…` reach no further than their own scratchpad. */
export function scratchpadCallFault(memory: MemoryRules, call: Call): ContextFault | null {
  if (memory.scratchpad === undefined || !call.tool.startsWith("memory.scratchpad.")) return null;
  const keys =
    keptFor(memory.scratchpad.retain) === "run_id" ? (["run_id", "session_id"] as const) : (["session_id"] as const);
  for (const key of keys) {
    const named = Object.hasOwn(call.args, key) ? call.args[key] : null;
    if (named !== null && named !== call[key]) return notRetained(key, `/args/${key}`);
  }
  return null;
}

const SCRATCHPAD_RULE = "memory.scratchpad.retain";

const keptFor = (retain: "none" | "run" | "session") => (retain === "session" ? "session_id" : "run_id");

function notRetained(key: "run_id" | "session_id", path: string): ContextFault {
  const message = `The scratchpad of another ${key === "run_id" ? "run" : "session"} is not kept; do not act on it.`;
  return fault(SCRATCHPAD_RULE, "memory_not_retained", { message, path });
}

function preferenceFault(rules: MemoryRules["preferences"], { given, index }: Placed, now: Date): ContextFault | null {
  const days = rules?.ttl_days;
  if (days !== undefined && !isWithin(ageMs(given, now), days * DAY_MS)) {
    const message = `A preference may be ${days} days old; ask the user again.`;
    return fault("memory.preferences.ttl_days", "stale_context", { message, path: `/context/${index}` });
  }
  const isApproved = Object.hasOwn(given.values, "user_approved") && given.values["user_approved"] === true;
  if (rules?.requires_user_approval !== true || isApproved) return null;
  const message = "A preference counts only if the user approved it: state `user_approved: true` in its values.";
  const path = `/context/${index}/values`;
  return fault("memory.preferences.requires_user_approval", "memory_not_approved", { message, path });
}

function logFault(rules: MemoryRules["log"], { given, index }: Placed, now: Date): ContextFault | null {
  const days = rules?.retain_days;
  if (days === undefined || isWithin(ageMs(given, now), days * DAY_MS)) return null;
  const message = `The log is kept for ${days} days; what is older is not to be acted on.`;
  return fault("memory.log.retain_days", "memory_not_retained", { message, path: `/context/${index}` });
}

/** Whether a tool changes what the agent remembers about its user: any verb of `memory.preferences.` but `read`. */
export function changesPreferences(tool: string): boolean {
  return tool.startsWith("memory.preferences.") && tool !== "memory.preferences.read";
}
