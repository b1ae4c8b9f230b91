import type { Batch } from "./batch";
import type { DependencyFacts } from "./facts";

/** What a decision is settled by that a dependency's breaker refused. The partial index of such decisions names it too. */
export const DEPENDENCY_RULE = "workspace.dependency_breaker";

/** Nobody counts further how many agents a system failed for: a breaker's row stays small. */
export const MOST_AGENTS = 100;

/** What one agent alone reports holds back nobody else: its own breaker of the tool does for it. */
const FEWEST_AGENTS = 2;

/** Whether so many failures in a row, of calls of so many agents, open a breaker that opens at `opensAt`. */
export const isOpenAt = (failures: number, agents: number, opensAt: number): boolean =>
  !(failures < opensAt || agents < FEWEST_AGENTS);

/**
 * Why a call must wait for the system its tool depends on, and for how many seconds; null when it may go on.
 *
 * A number that is not one counts against the call.
 */
export function waitsForDependency(facts: DependencyFacts): { message: string; seconds: number } | null {
  if (isClosed(facts) || isHalfOpen(facts)) return null;
  const { name, failures, secondsSince, trialSecondsAgo, coolDownSeconds } = facts;
  const after = `${name} failed ${failures} times in a row ${across(facts.agents)}.`;
  if (isTrialOut(facts)) {
    const seconds = coolDownSeconds - (trialSecondsAgo ?? 0);
    return { message: `${after} One trial call is under way; wait for its outcome.`, seconds };
  }
  const seconds = coolDownSeconds - secondsSince;
  return { message: `${after} It may be tried again in ${seconds} s.`, seconds };
}

/**
 * How the system stands that a call depends on, as a part of its run's facts. Nothing for one that did not fail since it
 * last succeeded: nearly every call keeps the facts it had.
 */
export function dependencyFacts(
  name: string | null,
  { dependencies, seconds }: Pick<Batch, "dependencies" | "seconds">,
): { readonly dependency: DependencyFacts } | undefined {
  const standing = name === null ? undefined : dependencies.get(name);
  if (name === null || standing === undefined) return undefined;
  const { failures, agents, failedAt, trialAt, opensAt, coolDownSeconds } = standing;
  const secondsSince = ago(seconds, failedAt);
  const trialSecondsAgo = trialAt === null ? null : ago(seconds, trialAt);
  return { dependency: { name, failures, agents, secondsSince, trialSecondsAgo, opensAt, coolDownSeconds } };
}

const ago = (seconds: number, at: number) => Math.max(0, Math.floor(seconds - at));

/**
 * Makes an allowed call the one trial of its dependency's half-open breaker: the calls after it wait for its outcome.
 *
 * @returns the dependency that is tried; null when there is nothing to try
 */
export function takeDependencyTrial(
  facts: DependencyFacts | null | undefined,
  { dependencies, seconds }: Pick<Batch, "dependencies" | "seconds">,
): string | null {
  if (!facts || isClosed(facts) || !isHalfOpen(facts)) return null;
  const standing = dependencies.get(facts.name);
  if (standing !== undefined) standing.trialAt = seconds;
  return facts.name;
}

const isClosed = ({ failures, agents, opensAt }: DependencyFacts) => !isOpenAt(failures, agents, opensAt);

const isHalfOpen = (facts: DependencyFacts) => facts.secondsSince >= facts.coolDownSeconds && !isTrialOut(facts);

/** A trial whose outcome never comes blocks others for no longer than the cool-down. */
const isTrialOut = ({ trialSecondsAgo, coolDownSeconds }: DependencyFacts) =>
  trialSecondsAgo !== null && !(trialSecondsAgo >= coolDownSeconds);

function across(agents: number): string {
  return agents >= MOST_AGENTS ? `across the calls of ${MOST_AGENTS} agents or more` : `across ${agents} agents' calls`;
}
