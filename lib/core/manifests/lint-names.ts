import { ToolName } from "@/lib/core/shared/names";
import { skeletonOf } from "@/lib/core/shared/skeleton";

import { blockedBy, compileBlocked } from "./blocked";
import { isGlob } from "./glob";
import { error, hint, type LintFinding, type LintInput, warning } from "./lint-finding";

/** Names: exact, plain, once, and not to be taken for one another. */
export function lintNames(input: LintInput): LintFinding[] {
  return [...lintAllowed(input), ...lintLookAlikes(input), ...lintBlocked(input)];
}

function lintAllowed({ manifest }: LintInput): LintFinding[] {
  const first = new Map<string, number>();
  return manifest.tools.allowed.flatMap(({ name }, index) => {
    const path = `/tools/allowed/${index}/name`;
    const before = first.get(name);
    if (before !== undefined) {
      const message = `\`${name}\` is allowed twice, here and as entry ${before + 1}; both must be satisfied.`;
      return [error("duplicate_tool", path, message, "Put everything into one entry.")];
    }
    first.set(name, index);
    if (isGlob(name)) {
      const message = `\`${name}\` is a pattern; a tool is allowed by its exact name.`;
      return [error("glob_in_allowed", path, message, "List the tools one by one; patterns are for `blocked`.")];
    }
    if (ToolName.safeParse(name).success) return [];
    const message = `\`${name}\` is no plain tool name: 1 to 128 of A-Z a-z 0-9 _ . - with no dot at either end.`;
    return [error("name_not_plain", path, message, "Write the name as the catalogue has it.")];
  });
}

/** Two names that look alike: a reviewer who reads one may be deciding about the other. */
function lintLookAlikes({ manifest, catalogue }: LintInput): LintFinding[] {
  const known = new Map<string, string>();
  for (const name of catalogue.keys()) known.set(skeletonOf(name), name);
  const allowed = new Map<string, string>();
  return manifest.tools.allowed.flatMap(({ name }, index) => {
    const skeleton = skeletonOf(name);
    const twin = catalogue.has(name) ? undefined : known.get(skeleton);
    const sibling = allowed.get(skeleton);
    if (sibling === undefined) allowed.set(skeleton, name);
    const other = sibling ?? twin;
    if (other === undefined || other === name) return [];
    const where = sibling === undefined ? "in the catalogue" : "also allowed here";
    const message = `\`${name}\` looks like \`${other}\`, which is ${where}, and is another name.`;
    return [
      error(
        "confusable_name",
        `/tools/allowed/${index}/name`,
        message,
        `Write \`${other}\` if that is meant, or rename the tool.`,
      ),
    ];
  });
}

function lintBlocked({ manifest, catalogue }: LintInput): LintFinding[] {
  const list = compileBlocked(manifest.tools.blocked);
  const shadowed = manifest.tools.allowed.flatMap(({ name }, index) => {
    const blocked = blockedBy(list, name);
    if (blocked === null) return [];
    const message = `\`${name}\` is allowed here and blocked by \`${blocked.rule ?? "tools.blocked"}\`; blocked wins.`;
    return [warning("shadowed_by_blocked", `/tools/allowed/${index}`, message, "Remove one of the two.")];
  });
  return [...shadowed, ...lintBlockedList(manifest.tools.blocked, catalogue)];
}

/** Lines of `tools.blocked` that say nothing new, or nothing yet. */
export function lintBlockedList(texts: readonly string[], catalogue: LintInput["catalogue"]): LintFinding[] {
  const seen = new Set<string>();
  return texts.flatMap((text, index) => {
    const path = `/tools/blocked/${index}`;
    if (seen.has(text))
      return [hint("duplicate_block", path, `\`${text}\` is blocked twice.`, "Remove one of the two.")];
    seen.add(text);
    const isKnown = isGlob(text) || catalogue.size === 0 || catalogue.has(text);
    if (isKnown) return [];
    const message = `\`${text}\` is not in the catalogue, so there is nothing to block yet.`;
    return [hint("unknown_block", path, message, "Check the spelling; the line does no harm.")];
  });
}
