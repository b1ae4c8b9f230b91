import "server-only";

import { decide } from "@/lib/core/decisions/decide";
import { Call, type Facts } from "@/lib/core/decisions/schema";
import { compile, type CompileInput } from "@/lib/core/manifests/compile";
import type { LintedAgent, LintFinding } from "@/lib/core/manifests/lint-finding";
import type { PinnedTest } from "@/lib/core/manifests/schema";
import { microsOf } from "@/lib/core/shared/money";

type Input = Omit<CompileInput, "version"> & { readonly agent: LintedAgent; readonly now: Date };

/** The pinned cases this manifest does not fulfil, as errors at their places. */
export function failingTests({ agent, now, ...input }: Input): readonly LintFinding[] {
  const tests = input.manifest.tests ?? [];
  if (tests.length === 0) return [];
  const compiled = compile({ ...input, version: 0 });
  return tests.flatMap((pinned, index) => {
    const call = Call.parse({ session_id: "test", run_id: "test", ...pinned.call });
    const { verdict, rule, reasons } = decide(compiled, call, factsOf(pinned, agent, now));
    const expected = typeof pinned.expect === "string" ? { verdict: pinned.expect } : pinned.expect;
    const codes = reasons.map((reason) => reason.code);
    const wrong = [
      verdict === expected.verdict ? null : `expected ${expected.verdict}, got ${verdict}${rule === null ? "" : ` by ${rule}`}`,
      expected.rule === undefined || expected.rule === rule ? null : `expected the rule ${expected.rule ?? "none"}, got ${rule ?? "none"}`,
      (expected.codes ?? []).every((code) => codes.includes(code)) ? null : `expected ${expected.codes?.join(", ")}, got ${codes.join(", ") || "no reason"}`,
    ].find((text) => text !== null);
    if (wrong === undefined || wrong === null) return [];
    const name = pinned.name ?? `case ${index + 1}`;
    const finding: LintFinding = {
      rule: "failing_test",
      severity: "error",
      path: `/tests/${index}`,
      message: `The pinned test “${name}” fails: ${wrong}.`,
      fix: "Change the manifest until it holds, or the case if it no longer should.",
    };
    return [finding];
  });
}

function factsOf({ given }: PinnedTest, agent: LintedAgent, now: Date): Facts {
  return {
    now: given?.now === undefined ? now : new Date(given.now),
    workspace: { stopped: false },
    agent: {
      handle: agent.handle,
      status: "active",
      environment: given?.environment ?? agent.environment,
      level: given?.level ?? agent.level,
    },
    run: {
      state: "running",
      steps: given?.steps ?? 0,
      elapsedSeconds: given?.elapsed_seconds ?? 0,
      costMicros: given?.cost_usd === undefined ? 0 : microsOf(given.cost_usd),
      refusals: 0,
    },
    history: null,
  };
}
