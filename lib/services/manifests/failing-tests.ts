import "server-only";

import { compile, type CompileInput } from "@/lib/core/manifests/compile";
import type { LintedAgent, LintFinding } from "@/lib/core/manifests/lint-finding";
import { runPinnedTests } from "@/lib/core/manifests/pinned";

type Input = Omit<CompileInput, "version"> & { readonly agent: LintedAgent; readonly now: Date };

/** The pinned cases this manifest does not fulfil, as errors at their places. */
export function failingTests({ agent, now, ...input }: Input): readonly LintFinding[] {
  if ((input.manifest.tests ?? []).length === 0) return [];
  const compiled = compile({ ...input, version: 0 });
  return runPinnedTests(compiled, input.manifest, { agent, now })
    .filter((result) => !result.ok)
    .map(({ path, name, message }) => ({
      rule: "failing_test",
      severity: "error",
      path,
      message: `The pinned case “${name}” fails. ${message}`,
      fix: "Change the manifest until it holds, or the case if it should hold no longer.",
    }));
}
