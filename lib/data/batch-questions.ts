import "server-only";

import type { TallyScope } from "@/lib/core/decisions/schema";
import type { AgentId, CredentialId, WorkspaceId } from "@/lib/core/shared/brand";

import type { BATCH_OPEN } from "./batch-wire";
import type { Values } from "./wire";

/** What one call wants to be locked and looked up. */
export type Wanted = {
  readonly decisionId: string;
  readonly agentId: AgentId;
  readonly agentEpoch: bigint;
  readonly credentialId: CredentialId;
  readonly session: string;
  readonly run: string;
  readonly tool: string;
  /** The system that the tool depends on; null when it names none. */
  readonly dependency: string | null;
  /** The digest of the action. */
  readonly action: string;
  readonly key: { readonly name: string; readonly fingerprint: string } | null;
  /** The wall clock bound, from which the time spent waiting for people matters. */
  readonly maxSeconds: number | null;
  readonly tallies: readonly {
    readonly digest: string;
    readonly scope: TallyScope;
    readonly spanSeconds: number | null;
  }[];
  /** The agent's daily bounds; null when it has none. */
  readonly daily: { readonly costMicros: number | null; readonly tokens: number | null } | null;
  readonly approvalId: string | null;
  /** Set for a call that may ask people: the digest by which what they refused is found again. */
  readonly asks: { readonly argsDigest: string } | null;
};

/** The questions of a batch, and where in the answers each call finds its own. */
export type Questions = {
  readonly values: Values<typeof BATCH_OPEN.signature>;
  /** By call: the places of its caller, run, first tally, question and key. A call without one has -1. */
  readonly caller: readonly number[];
  readonly run: readonly number[];
  readonly tally: readonly number[];
  readonly ask: readonly number[];
  readonly key: readonly number[];
};

type RunWanted = Pick<Wanted, "agentId" | "session" | "run"> & { place: number; maxSeconds: number | null };

/** Asks for everything once, however many calls of the batch want it. */
export function questionsOf(workspaceId: WorkspaceId, epoch: bigint, calls: readonly Wanted[]): Questions {
  const callers = placesBy(
    calls,
    ({ agentId, agentEpoch, credentialId }) => `${agentId} ${agentEpoch} ${credentialId}`,
  );
  const runs = runsOf(calls);
  const callRuns = calls.map((call) => runs.byName.get(nameOf(call))?.place ?? -1);
  const withTallies = calls.flatMap((call, at) =>
    call.tallies.map((tally) => ({ ...tally, run: (callRuns[at] ?? -1) + 1 })),
  );
  const asking = calls.filter(({ asks }) => asks !== null);
  const keyed = calls.flatMap((call, at) => (call.key === null ? [] : [{ ...call, caller: callers.of[at] ?? -1 }]));
  const daily = dailyOf(calls);
  const named = calls.flatMap(({ approvalId }) => (approvalId === null ? [] : [approvalId]));
  return {
    values: {
      p_workspace: workspaceId,
      p_epoch: epoch,
      p_caller_agent: callers.first.map(({ agentId }) => agentId),
      p_caller_epoch: callers.first.map(({ agentEpoch }) => agentEpoch),
      p_caller_credential: callers.first.map(({ credentialId }) => credentialId),
      p_locked_agent: [...new Set(calls.filter(locksAgent).map(({ agentId }) => agentId))],
      p_key_caller: keyed.map(({ caller }) => caller + 1),
      p_key_agent: keyed.map(({ agentId }) => agentId),
      p_key_session: keyed.map(({ session }) => session),
      p_key_name: keyed.map(({ key }) => key?.name ?? null),
      p_key_fingerprint: keyed.map(({ key }) => key?.fingerprint ?? null),
      p_key_decision: keyed.map(({ decisionId }) => decisionId),
      p_run_agent: runs.sorted.map(({ agentId }) => agentId),
      p_run_session: runs.sorted.map(({ session }) => session),
      p_run_name: runs.sorted.map(({ run }) => run),
      p_run_seconds: runs.sorted.map(({ maxSeconds }) => maxSeconds),
      p_call_run: callRuns.map((place) => place + 1),
      p_call_action: calls.map(({ action }) => action),
      p_call_tool: calls.map(({ tool }) => tool),
      p_tally_run: withTallies.map(({ run }) => run),
      p_tally_scope: withTallies.map(({ scope }) => scope),
      p_tally_key: withTallies.map(({ digest }) => digest),
      p_tally_span: withTallies.map(({ spanSeconds }) => spanSeconds),
      p_day_agent: [...daily.keys()],
      p_day_cost: [...daily.values()].map(({ costMicros }) => costMicros),
      p_day_tokens: [...daily.values()].map(({ tokens }) => tokens),
      p_named: named,
      p_dependency: [...new Set(calls.flatMap(({ dependency }) => dependency ?? []))],
      p_ask_agent: asking.map(({ agentId }) => agentId),
      p_ask_action: asking.map(({ action }) => action),
      p_ask_args: asking.map(({ asks }) => asks?.argsDigest ?? null),
    },
    caller: callers.of,
    run: callRuns,
    tally: runningTotal(calls.map(({ tallies }) => tallies.length)),
    ask: placesOf(calls, ({ asks }) => asks !== null),
    key: placesOf(calls, ({ key }) => key !== null),
  };
}

/** What is counted or asked across an agent's runs is judged under its lock. */
const locksAgent = ({ daily, asks, tallies }: Wanted) =>
  daily !== null || asks !== null || tallies.some(({ scope }) => scope !== "run");

const nameOf = ({ agentId, session, run }: Pick<Wanted, "agentId" | "session" | "run">) =>
  JSON.stringify([agentId, session, run]);

/** Each run once, in an order that every replica gives them: locks are taken in it. */
function runsOf(calls: readonly Wanted[]) {
  const byName = new Map<string, RunWanted>();
  for (const call of calls) {
    const name = nameOf(call);
    const known = byName.get(name);
    if (known === undefined) byName.set(name, { ...runKeyOf(call), place: 0, maxSeconds: call.maxSeconds });
    else if (call.maxSeconds !== null)
      known.maxSeconds = Math.min(call.maxSeconds, known.maxSeconds ?? call.maxSeconds);
  }
  const sorted = [...byName.keys()].toSorted().flatMap((name) => byName.get(name) ?? []);
  for (const [place, run] of sorted.entries()) run.place = place;
  return { byName, sorted };
}

const runKeyOf = ({ agentId, session, run }: Wanted) => ({ agentId, session, run });

/** Different versions of one agent's manifest may be in flight: the day is created with the smallest of their bounds. */
function dailyOf(calls: readonly Wanted[]) {
  const daily = new Map<AgentId, NonNullable<Wanted["daily"]>>();
  for (const call of calls) {
    if (call.daily === null) continue;
    const known = daily.get(call.agentId);
    daily.set(call.agentId, {
      costMicros: least(known?.costMicros ?? null, call.daily.costMicros),
      tokens: least(known?.tokens ?? null, call.daily.tokens),
    });
  }
  return daily;
}

const least = (one: number | null, other: number | null) =>
  one === null ? other : other === null ? one : Math.min(one, other);

function placesBy<T>(items: readonly T[], keyOf: (item: T) => string) {
  const places = new Map<string, number>();
  const first: T[] = [];
  const of = items.map((item) => {
    const key = keyOf(item);
    const place = places.get(key) ?? first.push(item) - 1;
    places.set(key, place);
    return place;
  });
  return { first, of };
}

function placesOf<T>(items: readonly T[], counts: (item: T) => boolean): number[] {
  let next = 0;
  return items.map((item) => (counts(item) ? next++ : -1));
}

function runningTotal(lengths: readonly number[]): number[] {
  let total = 0;
  return lengths.map((length) => {
    const before = total;
    total += length;
    return before;
  });
}
