import { compile, type CompileInput } from "@/lib/core/manifests/compile";
import type { LintFinding } from "@/lib/core/manifests/lint-finding";
import { runPinnedTests } from "@/lib/core/manifests/pinned";
import { Manifest } from "@/lib/core/manifests/schema";

import type { Guardrail } from "./schema";

type Input = Pick<CompileInput, "catalogue" | "validators" | "readSql"> & { readonly now: Date };

/** The loosest agent there could be: what is refused to it, is refused to all. */
const AGENT = { handle: "any-agent", level: 4, environment: "production" } as const;

/**
 * The pinned cases this guardrail does not fulfil, as errors at their places. Each is decided for an agent that may use
 * the tool without any limit of its own.
 */
export function failingGuardrailTests(guardrail: Guardrail, { now, ...around }: Input): LintFinding[] {
  const tests = guardrail.tests ?? [];
  if (tests.length === 0) return [];
  const names = [...new Set(tests.map(({ call }) => call.tool))];
  const manifest = Manifest.parse({
    agent: { id: AGENT.handle },
    tools: { allowed: names.map((name) => ({ name })) },
    tests,
  });
  const published = { version: 0, hash: "", guardrail };
  const compiled = compile({ manifest, guardrail: published, version: 0, hash: "", ...around });
  return runPinnedTests(compiled, manifest, { agent: AGENT, now })
    .filter((result) => !result.ok)
    .map(({ path, name, message }) => ({
      rule: "failing_test",
      severity: "error",
      path,
      message: `The pinned case “${name}” fails. ${message}`,
      fix: "Change the guardrail until it holds, or the case if it should hold no longer.",
    }));
}
