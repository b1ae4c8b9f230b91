import type { CompiledSource } from "@/lib/core/manifests/compile-rule";
import type { CompiledTool } from "@/lib/core/manifests/compile-tool";

import { PASS } from "./results";
import type { Call, CallContext, CheckResult, Reason } from "./schema";

/** How far a source's clock may be ahead of ours before its time proves nothing. */
const MAX_AHEAD_MS = 60_000;

/**
 * Check 7: every source the tool needs is declared, fresh and in scope.
 *
 * Every entry of a needed source must hold: two records of which one is stale are stale context. Entries of sources the
 * tool does not need say nothing.
 */
export function checkContext(tool: CompiledTool, call: Call, now: Date): CheckResult {
  let rule: string | null = null;
  let reasons: Reason[] | null = null;
  for (const source of tool.sources) {
    const reason = sourceFault(source, call.context, now);
    if (reason === null) continue;
    rule ??= source.rule;
    (reasons ??= []).push(reason);
  }
  return reasons === null ? PASS.context : { check: "context", verdict: "deny", rule, reasons };
}

function sourceFault(source: CompiledSource, context: readonly CallContext[], now: Date): Reason | null {
  if (!source.declared) {
    const message = `The manifest does not say what the source \`${source.name}\` is; add it to \`context.sources\`.`;
    return { code: "context_unknown", message, path: `${source.path}/sources` };
  }
  let isThere = false;
  for (let index = 0; index < context.length; index += 1) {
    const given = context[index];
    if (given === undefined || given.source !== source.name) continue;
    isThere = true;
    const reason = staleness(source, given, { now, index }) ?? scopeFault(source, given, index);
    if (reason !== null) return reason;
  }
  if (isThere) return null;
  const message = `The call must say which \`${source.name}\` context it rests on, and as of when.`;
  return { code: "context_missing", message, path: "/context" };
}

function staleness(
  source: CompiledSource,
  given: CallContext,
  { now, index }: { readonly now: Date; readonly index: number },
): Reason | null {
  if (source.ttlMs === null) return null;
  const ageMs = now.getTime() - Date.parse(given.as_of);
  // Not a number, when either time is none, is neither old nor young: stale.
  if (ageMs <= source.ttlMs && ageMs >= -MAX_AHEAD_MS) return null;
  const path = `/context/${index}`;
  if (ageMs < -MAX_AHEAD_MS) {
    return {
      code: "stale_context",
      message: `\`${source.name}\` is dated in the future, so its age is not known.`,
      path,
    };
  }
  const age = Number.isNaN(ageMs) ? "of unknown age" : `${Math.round(ageMs / 1_000)} seconds old`;
  const advice = source.mayRefetch ? "fetch it again and repeat the call" : "do not act on it";
  return {
    code: "stale_context",
    message: `\`${source.name}\` is ${age} and may be ${source.ttlMs / 1_000}; ${advice}.`,
    path,
  };
}

function scopeFault(source: CompiledSource, given: CallContext, index: number): Reason | null {
  for (const key of source.scopeKeys) {
    const value = Object.hasOwn(given.scope, key) ? given.scope[key] : null;
    if (value !== null && value !== undefined && value !== "") continue;
    const message = `\`${source.name}\` does not say which \`${key}\` it was read for.`;
    return { code: "out_of_scope", message, path: `/context/${index}/scope` };
  }
  return null;
}

/** The oldest needed source's age as a share of what it may be; null when the tool needs none that ages. */
export function contextAge(tool: CompiledTool, call: Call, now: Date): number | null {
  let oldest: number | null = null;
  for (const source of tool.sources) {
    if (source.ttlMs === null) continue;
    for (const given of call.context) {
      if (given.source !== source.name) continue;
      const share = (now.getTime() - Date.parse(given.as_of)) / source.ttlMs;
      if (oldest === null || share > oldest) oldest = share;
    }
  }
  return oldest;
}
