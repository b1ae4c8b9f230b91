import type { Dependency, Finding, Window } from "./schema";

/**
 * Types of errors that say "later", whoever wrote them: `429`, `rate_limit_error`, `RateLimitError`, `throttling`,
 * `too_many_requests`, `RESOURCE_EXHAUSTED`. JavaScript and Postgres read it alike, without regard to case.
 */
export const RATE_LIMIT_TYPE =
  "(^|[^0-9])429($|[^0-9])|rate[ _-]?limit|too[ _-]?many[ _-]?requests|throttl|resource[ _-]?exhausted";

/** What a dependency refused with such an error, counted by `readRefusals`. */
export type Refusals = {
  readonly of: Dependency;
  readonly name: string;
  readonly refused: number;
  readonly runs: number;
  readonly agents: number;
  readonly errorTypes: readonly string[];
  readonly priced: number;
  readonly picos: bigint;
  readonly tookMs: number;
};

/** Fewer are chance. */
const FEWEST = 5;
/** A sender may say as many kinds of errors as it likes. */
const MOST_TYPES = 5;

/**
 * Dependencies that want their callers to slow down.
 *
 * @param callsOf how many calls a dependency had in all
 */
export function rateLimits(
  rows: readonly Refusals[],
  callsOf: (of: Dependency, name: string) => number,
  window: Window,
): readonly Finding[] {
  return rows
    .filter(({ refused, name }) => refused >= FEWEST && name !== "")
    .map(({ of, name, refused, runs, agents, errorTypes, priced, picos, tookMs }): Finding => {
      // What is still being counted elsewhere may be missing there.
      const counts = { calls: Math.max(refused, callsOf(of, name)), refused, runs, agents, priced, took_ms: tookMs };
      return {
        subject: ["rate_limits", of, name],
        facts: { kind: "rate_limits", of, name, ...counts, error_types: errorTypes.slice(0, MOST_TYPES) },
        picos: priced === 0 ? null : picos,
        n: refused,
        window,
      };
    });
}
