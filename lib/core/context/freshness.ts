import type { CallContext, Reason } from "@/lib/core/decisions/schema";

import { type ContextFault, fault } from "./fault";
import type { SourceRule } from "./source";

/** How far a source's clock may be ahead of ours before its time proves nothing. */
const MAX_AHEAD_MS = 60_000;

/** An entry of the call's context with its place in the call. */
export type Placed = { readonly given: CallContext; readonly index: number };

/** The entries of one source, in the order of the call. */
export function entriesOf(name: string, context: readonly CallContext[]): readonly Placed[] {
  const found: Placed[] = [];
  for (let index = 0; index < context.length; index += 1) {
    const given = context[index];
    if (given !== undefined && given.source === name) found.push({ given, index });
  }
  return found;
}

/** Whether a source is declared, there, fresh and says whose it is. Every entry must hold; the first that fails is told. */
export function entryFault(source: SourceRule, context: readonly CallContext[], now: Date): ContextFault | null {
  const { rule, name } = source;
  if (!source.declared) {
    const message = `The manifest does not say what the source \`${name}\` is; add it to \`context.sources\`.`;
    return fault(rule, "context_unknown", { message, path: source.path });
  }
  const entries = entriesOf(name, context);
  if (entries.length === 0) {
    const message = `The call must say which \`${name}\` context it rests on, and as of when.`;
    return fault(rule, "context_missing", { message, path: "/context" });
  }
  for (const entry of entries) {
    const reason = staleness(source, entry, now) ?? scopeFault(source, entry);
    if (reason !== null) return { rule, reason };
  }
  return null;
}

/** The age of an entry in milliseconds; not a number when either time is none. */
export function ageMs(given: CallContext, now: Date): number {
  return now.getTime() - Date.parse(given.as_of);
}

/** Whether an age is known and within a limit. What is no number is neither old nor young: not within. */
export function isWithin(age: number, limitMs: number): boolean {
  return age <= limitMs && age >= -MAX_AHEAD_MS;
}

function staleness(source: SourceRule, { given, index }: Placed, now: Date): Reason | null {
  if (source.ttlMs === null) return null;
  const age = ageMs(given, now);
  if (isWithin(age, source.ttlMs)) return null;
  const advice = source.mayRefetch ? "fetch it again and repeat the call" : "do not act on it";
  const message =
    age < -MAX_AHEAD_MS
      ? `\`${source.name}\` is dated in the future, so its age is not known.`
      : `\`${source.name}\` is ${ageText(age)} and may be ${source.ttlMs / 1_000}; ${advice}.`;
  return { code: "stale_context", message, path: `/context/${index}` };
}

const ageText = (age: number) => (Number.isNaN(age) ? "of unknown age" : `${Math.round(age / 1_000)} seconds old`);

function scopeFault(source: SourceRule, { given, index }: Placed): Reason | null {
  for (const key of source.scopeKeys) {
    if (statedScope(given, key) !== null) continue;
    const message = `\`${source.name}\` does not say which \`${key}\` it was read for.`;
    return { code: "out_of_scope", message, path: `/context/${index}/scope` };
  }
  return null;
}

/** Whom an entry says it was read for, as text, so that 7 and "7" are one subject; null when it does not say. */
export function statedScope(given: CallContext, key: string): string | null {
  const value = Object.hasOwn(given.scope, key) ? given.scope[key] : null;
  return value === null || value === undefined || value === "" ? null : String(value);
}
