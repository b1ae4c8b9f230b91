import { amountText, usdText } from "@/lib/core/charts/units";
import { wilson } from "@/lib/core/shared/statistics";
import { DAY_MS } from "@/lib/core/shared/time";

import type { AdviceFacts, AdviceKind, FactsOf, ShownAdvice, StoredAdvice } from "./schema";
import { SHORT_OUTPUT } from "./smaller-model";

/** What each kind of advice is called. */
export const ADVICE_NAMES: Readonly<Record<AdviceKind, string>> = {
  repeated_reads: "Repeated reads",
  rate_limits: "Rate limits",
  cache_share: "Prompt cache",
  smaller_model: "Cheaper model",
};

type Words = Pick<ShownAdvice, "what" | "money" | "sure" | "change">;

/** Advice in sentences: what, where its money comes from, how sure it is, and what to change. */
export function sayAdvice({ facts, from, to }: Pick<StoredAdvice, "facts" | "from" | "to">): Words {
  return WORDS[facts.kind](facts as never, Math.round((to.getTime() - from.getTime()) / DAY_MS));
}

const WORDS: { readonly [K in AdviceKind]: (facts: FactsOf<K>, days: number) => Words } = {
  repeated_reads: (facts, days) => ({
    what: `${facts.agent} called ${facts.tool} ${times(facts.repeats)} with arguments it had used within the same hour.`,
    money: `${pricedText(facts, facts.repeats, "repeats")} They took ${amountText("milliseconds", String(facts.took_ms))} in all.`,
    sure: `${count(facts.repeats)} of ${count(facts.calls)} calls in ${days} days, in ${some(facts.runs, "run")}, ${inSameRun(facts)} in the run of the call they repeat. A repeat counts if the earlier call succeeded in the same clock hour and the run had changed nothing in between.`,
    change:
      "Keep the result for up to an hour by its arguments. If the agent polls for a change, poll less often or have the service report it.",
  }),
  rate_limits: (facts, days) => ({
    what: `${facts.name} refused ${count(facts.refused)} of ${count(facts.calls)} calls with a rate limit.`,
    money: `${pricedText(facts, facts.refused, "refused calls")} They took ${amountText("milliseconds", String(facts.took_ms))} in all.`,
    sure: `${rate(facts.refused, facts.calls)} of calls in ${days} days, in ${some(facts.runs, "run")} of ${some(facts.agents, "agent")}. Reported as ${facts.error_types.join(", ")}.`,
    change: `Limit how many calls ${facts.of === "provider" ? "of its models" : "of it"} run at once, wait as long as Retry-After says before the next try, and spread out runs that begin together. If that is not enough, ask for a higher limit.`,
  }),
  cache_share: (facts, days) => ({
    what: `${facts.agent} read ${share(facts.now)} of its input to ${facts.model} from the prompt cache, against ${share(facts.before)} the week before.`,
    money: `${count(facts.lost)} more tokens were read anew, at the difference between the prices of new and of cached input.`,
    sure: `${some(facts.now.calls, "call")} with ${count(facts.now.input)} input tokens in ${days} days, ${some(facts.before.calls, "call")} with ${count(facts.before.input)} in the ${days} before.`,
    change: `Put what stays the same first in the prompt (instructions, tools, examples) and what changes, such as times and ids, after it.${newVersions(facts.new_versions)}`,
  }),
  smaller_model: (facts, days) => ({
    what: `${facts.agent} uses ${facts.model} for short answers, where ${facts.other.model} already serves ${alike(facts)} for less.`,
    money: `${count(facts.short)} calls of ${count(facts.calls)} had an output of at most ${SHORT_OUTPUT} tokens and cost ${usd(facts.spent)}. The same tokens cost ${usd(facts.other_spent)} at the price of ${facts.other.model}; models count tokens a little differently.`,
    sure: `A hint to test, not a proof: in ${days} days ${ended(facts.other.ended)} succeeded with ${facts.other.model}, ${ended(facts.ended)} with ${facts.model}, but nobody assigned runs to models by chance.`,
    change: `Send some of these calls to ${facts.other.model} and compare how their runs end before you send all of them.`,
  }),
};

const count = (value: number | string) => amountText("count", String(value));
const usd = (picos: string) => usdText(BigInt(picos));
const some = (value: number, noun: string) => `${count(value)} ${noun}${value === 1 ? "" : "s"}`;
const times = (value: number) => `${count(value)} times`;
const percent = (value: number) => amountText("share", String(value));
const share = ({ input, cached }: { readonly input: string; readonly cached: string }) =>
  percent(Number(cached) / Number(input));

function rate(hits: number, n: number): string {
  const { low, high } = wilson(hits, n);
  return `${percent(hits / n)} (${(low * 100).toFixed(1)} – ${percent(high)})`;
}

const ended = ({ runs, succeeded }: { readonly runs: number; readonly succeeded: number }) =>
  `${rate(succeeded, runs)} of ${some(runs, "run")}`;

function pricedText({ priced }: { readonly priced: number }, n: number, noun: string): string {
  if (priced === 0) return `Nobody reported what the ${noun} cost.`;
  return priced === n
    ? `The reported cost of the ${noun}.`
    : `The reported cost of ${count(priced)} of the ${count(n)} ${noun}.`;
}

function newVersions(versions: readonly string[]): string {
  if (versions.length === 0) return "";
  return versions.length === 1
    ? ` Version ${versions[0]} is new since then: compare its prompt with the one before.`
    : ` Versions ${versions.join(", ")} are new since then: compare their prompts with the one before.`;
}

function alike({ agent, skill, other }: FactsOf<"smaller_model">): string {
  if (skill === null) return "the same agent";
  return other.agent === agent ? `its skill ${skill}` : `the skill ${skill} of ${other.agent}`;
}

function inSameRun({ repeats, within_run: within }: FactsOf<"repeated_reads">): string {
  if (within === 0) return "none of them";
  return within === repeats ? "all of them" : `${count(within)} of them`;
}

/** What narrows the runs to those that the advice is about. */
export function runsOf(facts: AdviceFacts): Readonly<Record<string, string>> {
  switch (facts.kind) {
    case "repeated_reads":
      return { agent: facts.agent, tool: facts.tool };
    case "rate_limits":
      return { [facts.of]: facts.name, outcome: "rate_limited" };
    case "cache_share":
      return { agent: facts.agent, model: facts.model };
    case "smaller_model":
      return { agent: facts.agent, model: facts.model, ...(facts.skill !== null && { skill: facts.skill }) };
  }
}
