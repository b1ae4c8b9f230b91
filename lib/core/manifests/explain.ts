import { criteriaText, keepingText } from "@/lib/core/agents/evidence";
import { microsOf, usdOf } from "@/lib/core/shared/money";
import type { CatalogueTool } from "@/lib/core/tools/schema";

import { DEFAULT_TERMS } from "./compile";
import { explainTool } from "./explain-tool";
import { isGlob } from "./glob";
import type { Manifest } from "./schema";
import { choiceText, countText, durationText, phraseOf } from "./words";

/** One rule in plain words and where it stands. */
export type Explanation = { readonly path: string; readonly sentence: string };

/** A manifest in plain words, rule by rule, in the order a reader asks: what it may, what it may not, how far. */
export function explainManifest(
  manifest: Manifest,
  catalogue: ReadonlyMap<string, CatalogueTool>,
): readonly Explanation[] {
  return [
    ...manifest.tools.allowed.flatMap((entry, index) =>
      explainTool(entry, {
        path: `/tools/allowed/${index}`,
        tool: catalogue.get(entry.name),
        approval: manifest.approval,
      }),
    ),
    { path: "/tools/allowed", sentence: "May use nothing else: a tool that is not listed is denied." },
    ...manifest.tools.blocked.map((text, index) => ({
      path: `/tools/blocked/${index}`,
      sentence: blockedSentence(text),
    })),
    ...explainExecution(manifest),
    ...explainContext(manifest),
    ...explainMemory(manifest),
    ...explainEgress(manifest),
    ...explainFreezes(manifest),
    ...explainApproval(manifest),
    ...explainAutonomy(manifest),
    ...explainTests(manifest),
  ];
}

function blockedSentence(text: string): string {
  return isGlob(text)
    ? `May never use a tool whose name looks like \`${text}\`.`
    : `May never ${phraseOf(text)}, nor use a look-alike of it.`;
}

/** Bounds of a run in plain words. */
export function explainExecution({ execution }: Pick<Manifest, "execution">): Explanation[] {
  if (execution === undefined) return [];
  const said: Explanation[] = [];
  if (execution.max_steps !== undefined) {
    const sentence = `A run may make at most ${countText(execution.max_steps, "attempt")}, refused ones included.`;
    said.push({ path: "/execution/max_steps", sentence });
  }
  if (execution.max_wall_clock_seconds !== undefined) {
    const sentence = `A run may take at most ${durationText(execution.max_wall_clock_seconds)}, not counting the wait for people.`;
    said.push({ path: "/execution/max_wall_clock_seconds", sentence });
  }
  if (execution.max_cost_usd !== undefined) {
    said.push({
      path: "/execution/max_cost_usd",
      sentence: `A run may cost at most $${execution.max_cost_usd.toFixed(2)}.`,
    });
  }
  if (said.length === 0) return explainDefaults(execution);
  const told = execution.on_budget_exceeded === "halt" ? "" : " and a person is told";
  said.push({
    path: "/execution/on_budget_exceeded",
    sentence: `A run that meets one of these limits is halted for good${told}.`,
  });
  return [...said, ...explainDefaults(execution)];
}

function explainDefaults(execution: NonNullable<Manifest["execution"]>): Explanation[] {
  const { default_estimate_usd: usd, default_estimate_tokens: tokens } = execution;
  const held = [
    ["default_estimate_usd", usd === undefined ? null : `$${usdOf(microsOf(usd))}`],
    ["default_estimate_tokens", tokens === undefined ? null : countText(tokens, "token")],
  ] as const;
  return held.flatMap(([key, amount]) => {
    const sentence = `A call that does not say what it may spend holds ${amount} while it runs, unless it is known what its tool usually spends.`;
    return amount === null ? [] : [{ path: `/execution/${key}`, sentence }];
  });
}

/** Sources of context in plain words. */
export function explainContext({ context }: Pick<Manifest, "context">): Explanation[] {
  return (context?.sources ?? []).map((source, index) => {
    const age =
      source.ttl_seconds === undefined ? "may be of any age" : `may be at most ${durationText(source.ttl_seconds)} old`;
    const keys = source.scope_keys ?? [];
    const scope = keys.length === 0 ? "" : ` and must say for which ${choiceText(keys, "and")} it was read`;
    const stale = source.on_stale === "refetch" ? "; when it is older, the agent is told to fetch it again" : "";
    const { cross_check: check, max_change: change } = source;
    const against =
      check === undefined ? "" : ` It must agree with ${check.source} on ${choiceText(check.fields, "and")}.`;
    const moved =
      change === undefined
        ? ""
        : ` Its numbers may move by at most ${change} of what they last were for the same subject.`;
    const sentence = `Context from ${source.name} ${age}${scope}${stale}.${against}${moved}`;
    return { path: `/context/sources/${index}`, sentence };
  });
}

/** Memory by area. What it is called in a call, `memory.scratchpad` and its like, is said where it matters. */
export function explainMemory({ memory }: Pick<Manifest, "memory">): Explanation[] {
  const said: Explanation[] = [];
  const retain = memory?.scratchpad?.retain;
  if (retain !== undefined) {
    const ends = retain === "session" ? "session" : "run";
    const sentence = `Context from memory.scratchpad must name its ${ends} as \`${ends}_id\` and is used in no other.`;
    said.push({ path: "/memory/scratchpad/retain", sentence });
  }
  if (memory?.preferences?.requires_user_approval === true) {
    const sentence =
      "Context from memory.preferences must state `user_approved: true`; tools named memory.preferences.… other than read ask a person.";
    said.push({ path: "/memory/preferences/requires_user_approval", sentence });
  }
  if (memory?.preferences?.ttl_days !== undefined) {
    const sentence = `Context from memory.preferences may be at most ${countText(memory.preferences.ttl_days, "day")} old.`;
    said.push({ path: "/memory/preferences/ttl_days", sentence });
  }
  if (memory?.log?.retain_days !== undefined) {
    const sentence = `Context from memory.log may be at most ${countText(memory.log.retain_days, "day")} old.`;
    said.push({ path: "/memory/log/retain_days", sentence });
  }
  return said;
}

/** Hosts that may be addressed in plain words. */
export function explainEgress({ egress }: Pick<Manifest, "egress">): Explanation[] {
  if (egress === undefined) return [];
  const sentence =
    egress.allow.length === 0
      ? "No argument may name an address on the network."
      : `Arguments may name addresses at ${choiceText(egress.allow)} only.`;
  return [{ path: "/egress/allow", sentence }];
}

/** Freezes in plain words. */
export function explainFreezes({ freezes = [] }: Pick<Manifest, "freezes">): Explanation[] {
  return freezes.map(({ name, from, to, environments, tools, decide, except_reads: reads }, index) => {
    const what = tools === undefined ? "no tool" : `none of ${choiceText(tools)}`;
    const where = environments === undefined ? "" : ` in ${choiceText(environments)}`;
    const asked = decide === "deny" ? "runs" : "runs without a person's approval";
    const except = reads === true ? "; reads go on" : "";
    return {
      path: `/freezes/${index}`,
      sentence: `“${name}”: from ${from} to ${to} ${what} ${asked}${where}${except}.`,
    };
  });
}

function explainApproval({ approval, risk }: Manifest): Explanation[] {
  const said: Explanation[] = [];
  if (approval !== undefined) {
    const quorum = approval.quorum ?? DEFAULT_TERMS.quorum;
    const timeout = durationText(approval.timeout_seconds ?? DEFAULT_TERMS.timeoutSeconds);
    const people = quorum === 1 ? "one person" : `${quorum} different people`;
    const apart = approval.separation_of_duties === false ? "" : ", never the one responsible for the agent";
    const sentence = `Unless a tool says otherwise, ${people} must approve within ${timeout}${apart}.`;
    said.push({ path: "/approval", sentence });
  }
  if (risk?.require_approval_at !== undefined) {
    const sentence = `Whatever the tool, a call with a risk of ${risk.require_approval_at} or more must be approved by a person.`;
    said.push({ path: "/risk/require_approval_at", sentence });
  }
  return said;
}

function explainAutonomy({ autonomy }: Manifest): Explanation[] {
  const { promote, demote } = autonomy ?? {};
  const said: Explanation[] = [];
  if (promote !== undefined)
    said.push({
      path: "/autonomy/promote",
      sentence: `May rise to level ${promote.to} at most, once it has shown ${criteriaText(promote.criteria)}.`,
    });
  if (demote !== undefined)
    said.push({
      path: "/autonomy/demote",
      sentence: `Loses a level as soon as it no longer shows ${keepingText(demote.criteria)}.`,
    });
  return said;
}

function explainTests({ tests }: Manifest): Explanation[] {
  if (tests === undefined || tests.length === 0) return [];
  const sentence = `${countText(tests.length, "pinned case")} must give the answer written here before a new version is published.`;
  return [{ path: "/tests", sentence }];
}
