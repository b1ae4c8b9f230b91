import { decide } from "@/lib/core/decisions/decide";
import { FIRST_CALL } from "@/lib/core/decisions/bounds";
import type { Decision, Facts, RunFacts } from "@/lib/core/decisions/schema";
import { microsOf } from "@/lib/core/shared/money";

import type { CompiledManifest } from "./compile";
import type { LintedAgent } from "./lint-finding";
import type { Manifest, PinnedTest } from "./schema";

/** What a pinned case wanted and what the manifest gives. */
export type PinnedResult = {
  readonly path: string;
  readonly name: string;
  readonly ok: boolean;
  readonly message: string;
  readonly decision: Decision;
};

/**
 * Runs the cases a manifest carries against what it compiles to; publishing is blocked while one fails.
 *
 * @param now the time for cases that do not fix one
 */
export function runPinnedTests(
  compiled: CompiledManifest,
  manifest: Manifest,
  { agent, now }: { readonly agent: LintedAgent; readonly now: Date },
): readonly PinnedResult[] {
  return (manifest.tests ?? []).map((test, index) => {
    const decision = decide(compiled, callOf(test), factsOf(test, agent, now));
    const wrong = mismatch(test.expect, decision);
    return {
      path: `/tests/${index}`,
      name: test.name ?? `${test.call.tool} → ${typeof test.expect === "string" ? test.expect : test.expect.verdict}`,
      ok: wrong === null,
      message: wrong ?? `\`${test.call.tool}\` gives ${decision.verdict}.`,
      decision,
    };
  });
}

function callOf({ call }: PinnedTest) {
  return { ...call, session_id: call.session_id ?? "pinned", run_id: call.run_id ?? "pinned" };
}

function factsOf({ given }: PinnedTest, agent: LintedAgent, now: Date): Facts {
  const run: RunFacts = {
    ...FIRST_CALL,
    steps: given?.steps ?? 0,
    elapsedSeconds: given?.elapsed_seconds ?? 0,
    costMicros: given?.cost_usd === undefined ? 0 : microsOf(given.cost_usd),
  };
  return {
    now: given?.now === undefined ? now : new Date(given.now),
    workspace: { stopped: false, readsOnly: false },
    agent: {
      handle: agent.handle,
      status: "active",
      environment: given?.environment ?? agent.environment,
      level: given?.level ?? agent.level,
    },
    run,
    history: null,
    tallies: null,
    reach: null,
    readings: [],
  };
}

function mismatch(expect: PinnedTest["expect"], decision: Decision): string | null {
  const wanted = typeof expect === "string" ? { verdict: expect } : expect;
  const why = decision.reasons[0]?.message ?? "nothing stands against it";
  if (decision.verdict !== wanted.verdict) return `Wanted ${wanted.verdict}, got ${decision.verdict}: ${why}`;
  if ("rule" in wanted && wanted.rule !== undefined && wanted.rule !== decision.rule) {
    return `Wanted the rule ${wanted.rule ?? "none"}, got ${decision.rule ?? "none"}.`;
  }
  const codes = new Set(decision.reasons.map((reason) => reason.code));
  const missing = "codes" in wanted ? (wanted.codes ?? []).filter((code) => !codes.has(code)) : [];
  return missing.length > 0 ? `Wanted ${missing.join(", ")}, got ${[...codes].join(", ") || "no reason"}.` : null;
}
