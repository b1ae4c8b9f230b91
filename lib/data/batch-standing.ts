import "server-only";

import { v7 as uuidv7 } from "uuid";

import { type Batch, type CallStanding, placeOf } from "@/lib/core/decisions/batch";
import type {
  StandingApproval,
  StandingAsking,
  StandingBreaker,
  StandingCaller,
  StandingDay,
  StandingDependency,
  StandingRefusal,
  StandingRun,
} from "@/lib/core/decisions/standing";

import type { Questions, Wanted } from "./batch-questions";

type Placed<T> = T & { readonly place: number };

/**
 * The row of `batch_open`. Its sets are JSON that our own function makes; a test holds each against its schema, so that
 * the hot path need not.
 */
export type OpenedRow = {
  readonly fresh: boolean | null;
  readonly moment: string | null;
  readonly iso: string | null;
  readonly seconds: number | null;
  readonly today: string | null;
  readonly callers: readonly Placed<StandingCaller>[] | null;
  readonly keys: readonly Placed<{ readonly decision: string; readonly fingerprint: string }>[] | null;
  readonly runs: readonly Placed<StandingRun>[] | null;
  readonly failed: readonly Placed<{ readonly n: number }>[] | null;
  readonly tallies: readonly number[] | null;
  readonly days: readonly (StandingDay & { readonly agent: string })[] | null;
  readonly breakers: readonly (StandingBreaker & { readonly agent: string; readonly tool: string })[] | null;
  readonly dependencies: readonly (StandingDependency & { readonly name: string })[] | null;
  readonly approvals: readonly StandingApproval[] | null;
  readonly asking: readonly (StandingAsking & { readonly agent: string })[] | null;
  readonly refusals: readonly Placed<StandingRefusal>[] | null;
};

/** A batch under its locks, with the moment that all its rows carry. */
export type OpenBatch = Batch & {
  readonly moment: string;
  readonly iso: string;
  readonly today: string;
};

/** Where a call stands: ready to be judged, or why it is not. `replayed`: its key has an answer already. */
export type Place =
  | { readonly status: "stale" | "revoked" | "mismatch" }
  | { readonly status: "replayed"; readonly decisionId: string }
  | { readonly status: "open"; readonly standing: CallStanding };

/** The batch that a row describes; null when nothing is locked, because every call of it is stale or revoked. */
export function batchOf(row: OpenedRow): OpenBatch | null {
  const { moment, iso, seconds, today } = row;
  if (moment === null || iso === null || seconds === null || today === null) return null;
  const approvals = new Map((row.approvals ?? []).map((approval) => [approval.id, approval]));
  return {
    moment,
    iso,
    seconds,
    today,
    newId: () => uuidv7(),
    days: new Map((row.days ?? []).map((day) => [day.agent, day])),
    asking: new Map((row.asking ?? []).map((asking) => [asking.agent, asking])),
    breakers: new Map((row.breakers ?? []).map((breaker) => [placeOf(breaker.agent, breaker.tool), breaker])),
    dependencies: new Map((row.dependencies ?? []).map((dependency) => [dependency.name, dependency])),
    approvals,
    waiting: new Map(
      [...approvals.values()].flatMap((one) =>
        one.state === "waiting" ? [[placeOf(one.agent, one.action), one]] : [],
      ),
    ),
    added: new Map(),
  };
}

/** Finds each call's own facts in the row. Places in the row count from one. */
export function placesIn(row: OpenedRow, questions: Questions): (call: Wanted, index: number) => Place {
  const callers = byPlace(row.callers);
  const runs = byPlace(row.runs);
  const failed = byPlace(row.failed);
  const refusals = byPlace(row.refusals);
  const keys = byPlace(row.keys);
  return (call, index) => {
    const caller = callers.get(questions.caller[index] ?? -1);
    if (caller?.alive === false) return { status: "revoked" };
    const run = runs.get(questions.run[index] ?? -1);
    if (row.fresh !== true || caller?.fresh !== true || run === undefined) return { status: "stale" };
    const claim = keys.get(questions.key[index] ?? -1);
    if (claim !== undefined && claim.decision !== call.decisionId) {
      const isSame = claim.fingerprint === call.key?.fingerprint;
      return isSame ? { status: "replayed", decisionId: claim.decision } : { status: "mismatch" };
    }
    const first = questions.tally[index] ?? 0;
    const counted = (row.tallies ?? []).slice(first, first + call.tallies.length);
    const refusal = refusals.get(questions.ask[index] ?? -1) ?? null;
    return { status: "open", standing: { caller, run, failed: failed.get(index)?.n ?? 0, counted, refusal } };
  };
}

const byPlace = <T>(items: readonly Placed<T>[] | null) => new Map((items ?? []).map((item) => [item.place - 1, item]));
