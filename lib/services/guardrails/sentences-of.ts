import "server-only";

import { explainGuardrail } from "@/lib/core/guardrails/explain";
import type { Guardrail } from "@/lib/core/guardrails/schema";
import type { ManifestSentence } from "@/lib/core/manifests/check";
import { locator } from "@/lib/core/manifests/parse";

/** A guardrail's rules in plain words, each with its line in the text if there is one. */
export function sentencesOf(guardrail: Guardrail, text: string | null): ManifestSentence[] {
  const locate = text === null ? () => null : locator(text);
  return explainGuardrail(guardrail).map(({ path, sentence }) => ({
    text: sentence,
    line: locate(path)?.line ?? null,
    inner: /^\/tools\/restricted\/\d+\/./.test(path),
  }));
}
