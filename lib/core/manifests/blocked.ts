import { finding, frozenResult } from "@/lib/core/decisions/results";
import type { CheckResult } from "@/lib/core/decisions/schema";
import { skeletonOf } from "@/lib/core/shared/skeleton";

import { shown } from "./argument-rule";
import { globMatches, isGlob } from "./glob";

type Blocked = {
  readonly text: string;
  readonly skeleton: string;
  readonly index: number;
  readonly rule: string;
  readonly path: string;
};

/** `tools.blocked` of the manifest and of the guardrail, prepared: names by what they look like, patterns in order. */
export type BlockList = {
  readonly names: ReadonlyMap<string, Blocked>;
  readonly globs: readonly Blocked[];
  /** The answer for each name exactly as it is written, so that the usual refusal costs one look-up. */
  readonly results: ReadonlyMap<string, CheckResult>;
};

export function compileBlocked(blocked: readonly string[], byGuardrail: readonly string[] = []): BlockList {
  const entries = [...placed(blocked, "", ""), ...placed(byGuardrail, "guardrails.", "/guardrails")].map(
    (entry, index) => ({ ...entry, index }),
  );
  const written = entries.filter(({ text }) => !isGlob(text));
  const names = new Map(written.toReversed().map((entry) => [entry.skeleton, entry]));
  const globs = Object.freeze(entries.filter(({ text }) => isGlob(text)));
  const results = new Map<string, CheckResult>();
  const list: BlockList = { names, globs, results };
  for (const { text } of written) {
    const result = blockedBy(list, text);
    if (result !== null) results.set(text, frozenResult(result));
  }
  return Object.freeze(list);
}

function placed(texts: readonly string[], rules: string, paths: string): Omit<Blocked, "index">[] {
  return texts.map((text, index) => ({
    text,
    skeleton: skeletonOf(text),
    rule: `${rules}tools.blocked[${index}]`,
    path: `${paths}/tools/blocked/${index}`,
  }));
}

/**
 * The entry that blocks a name, as a result; null when none does. The first entry in the manifest's order is named, then
 * the guardrail's.
 *
 * A block holds for everything that looks like the name: letter case, scripts and invisible characters do not help.
 */
export function blockedBy(list: BlockList, name: string, skeleton = skeletonOf(name)): CheckResult | null {
  const exact = list.names.get(skeleton);
  const glob = list.globs.find(
    ({ text, skeleton: pattern }) => globMatches(text, name) || globMatches(pattern, skeleton),
  );
  const entry = exact && glob ? (exact.index < glob.index ? exact : glob) : (exact ?? glob);
  if (!entry) return null;
  const reason = { code: "tool_blocked", message: sentence(entry, name), path: entry.path };
  return finding("blocked", "deny", entry.rule, reason);
}

function sentence({ text }: Blocked, name: string): string {
  if (text === name) return `\`${shown(name)}\` is blocked.`;
  return isGlob(text)
    ? `\`${shown(name)}\` is blocked by \`${text}\`.`
    : `\`${shown(name)}\` looks like \`${text}\`, which is blocked.`;
}
