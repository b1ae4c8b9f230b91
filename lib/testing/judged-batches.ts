import { type AskedCall, type Batch, type CallStanding, type Judgement, placeOf } from "@/lib/core/decisions/batch";
import { decide } from "@/lib/core/decisions/decide";
import { NO_REACH } from "@/lib/core/decisions/facets";
import { judge, NEEDS_HISTORY, scopeOf } from "@/lib/core/decisions/judge";
import { Call, type Facts, type HistoryFacts } from "@/lib/core/decisions/schema";
import type {
  StandingApproval,
  StandingAsking,
  StandingBreaker,
  StandingDay,
  StandingDependency,
  StandingRefusal,
  StandingRun,
} from "@/lib/core/decisions/standing";
import { compile, type CompiledManifest, createValidators } from "@/lib/core/manifests/compile";
import { parseManifest } from "@/lib/core/manifests/parse";
import type { Json } from "@/lib/core/shared/json";
import { uncatalogued } from "@/lib/core/tools/schema";

import { CALLER, SECONDS, standingBatch, standingRun } from "./standing";

const validators = createValidators();
const TOOLS = ["read_a", "write_b", "send_c", "other"].map((name) => ({
  ...uncatalogued(name),
  argsSchema: { type: "object" },
  reversibility: "reversible" as const,
  blastRadius: "low" as const,
  hash: name,
}));
const catalogue = new Map(TOOLS.map((tool) => [tool.name, tool]));

/** The system that one tool of the small world depends on. */
export const SHARED = "shared.example";

/** A manifest of the small world that allows `read_a` and `write_b`, asks for `send_c`, and says what else is given. */
export function compiledWith(more: string, limits = ""): CompiledManifest {
  const text = `
agent: {id: "agent"}
tools:
  allowed:
    - {name: read_a}
    - {name: write_b${limits}}
    - {name: send_c, requires_approval: true, approval_timeout_seconds: 300}
${more}`;
  const parsed = parseManifest(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return compile({ manifest: parsed.manifest, version: 1, hash: "h", catalogue, validators });
}

export const NO_HISTORY: HistoryFacts = {
  uses: 0,
  rowsP99: null,
  amountP99: null,
  approvedThenRolledBack: 0,
  approved: 0,
  targetSeen: null,
};

/** A call of the small world, by what tells it from others. `shown` is what a reviewer would see. */
export type Made = {
  readonly agent: string;
  readonly run: string;
  readonly session?: string;
  readonly tool: string;
  readonly args?: { readonly [name: string]: Json };
  readonly usd?: number;
  readonly tokens?: number;
  readonly base?: string | null;
  readonly shown?: string;
  readonly names?: string | null;
};

/** The digest of the action that this call is. */
export const actionOf = ({ session = "session", tool, args = {} }: Omit<Made, "agent" | "run">) =>
  JSON.stringify([session, tool, args]);

/** The call as it would come to be judged. */
export function askedCall(
  compiled: CompiledManifest,
  made: Made,
  decisionId: string,
  history: HistoryFacts | null = NO_HISTORY,
): AskedCall {
  const { agent, run, session = "session", tool, args = {}, base = null } = made;
  const parsed = Call.parse({
    session_id: session,
    run_id: run,
    tool,
    args,
    estimate: { cost_usd: made.usd ?? 0, tokens: made.tokens ?? 0 },
    effect: base === null ? null : { kind: "text", before: "", after: "x", base: { digest: base } },
  });
  // Not by the schema: ids here are no UUIDs, so that a failure says which approval it is about.
  const call = { ...parsed, approval_id: made.names ?? null };
  const facts: Facts = {
    now: new Date(SECONDS * 1_000),
    workspace: { stopped: false, readsOnly: false },
    agent: { handle: "agent", status: "active", environment: "production", level: 4 },
    run: null,
    history,
    tallies: null,
    reach: null,
    readings: null,
  };
  return {
    decisionId,
    agentId: agent,
    compiled,
    call,
    dependency: made.tool === "write_b" ? SHARED : null,
    facts,
    action: actionOf(made),
    tallies: decide(compiled, call, facts).tallies.map((tally) => ({ ...tally, digest: tally.key })),
    likeness: () => ({ args: "", shape: "", shown: made.shown ?? "shown" }),
  };
}

/** What is stored: all that batches read and write, as plain data. */
export type Stored = {
  ids: number;
  readonly runs: Map<string, StandingRun>;
  readonly failed: Map<string, number>;
  readonly days: Map<string, StandingDay>;
  readonly asking: Map<string, StandingAsking>;
  readonly breakers: Map<string, StandingBreaker>;
  readonly dependencies: Map<string, StandingDependency>;
  readonly approvals: Map<string, StandingApproval>;
  readonly refusals: Map<string, StandingRefusal>;
  readonly counts: Map<string, number>;
};

export const nothingStored = (): Stored => ({
  ids: 0,
  runs: new Map(),
  failed: new Map(),
  days: new Map(),
  asking: new Map(),
  breakers: new Map(),
  dependencies: new Map(),
  approvals: new Map(),
  refusals: new Map(),
  counts: new Map(),
});

/** A call of a batch with what came of it. */
export type JudgedMade = {
  readonly made: Made;
  readonly asked: AskedCall;
  readonly standing: CallStanding;
  readonly judgement: Judgement;
};

/** Reads what these calls need, judges one after the other, and stores what they leave behind, as one transaction would. */
export function judgeBatch(stored: Stored, compiled: CompiledManifest, calls: readonly Made[]): readonly JudgedMade[] {
  const batch = opened(stored, calls);
  const runs = new Map<string, StandingRun>();
  const judged = calls.map((made) => {
    const asked = askedCall(compiled, made, `decision of ${placeOf(made.agent, made.run)}`);
    const standing = standingOf(stored, runs, asked, made);
    const judgement = judge(asked, standing, batch);
    if (judgement === NEEDS_HISTORY) throw new Error("the history was given");
    return { made, asked, standing, judgement };
  });
  store(stored, batch, judged);
  return judged;
}

/** What a batch reads. Only approvals that a call names or might join or replace are looked at. */
export function opened(stored: Stored, calls: readonly Made[]): Batch {
  const named = new Set(calls.map(({ names }) => names));
  const actions = new Set(calls.map((made) => placeOf(made.agent, actionOf(made))));
  const approvals = [...stored.approvals.values()].filter(
    ({ id, agent, action, state, baseMoved }) =>
      named.has(id) ||
      (actions.has(placeOf(agent, action)) && (state === "waiting" || (state === "approved" && baseMoved))),
  );
  const own = new Map(structuredClone(approvals).map((approval) => [approval.id, approval]));
  const isOpen = (agent: string) => (one: StandingApproval) =>
    one.agent === agent && one.state === "waiting" && one.expiresAt > SECONDS;
  return standingBatch({
    newId: () => `opened-${(stored.ids += 1)}`,
    days: structuredClone(stored.days),
    breakers: structuredClone(stored.breakers),
    dependencies: structuredClone(stored.dependencies),
    asking: new Map(
      [...structuredClone(stored.asking)].map(([agent, asking]) => [
        agent,
        { ...asking, waiting: asking.waiting + [...stored.approvals.values()].filter(isOpen(agent)).length },
      ]),
    ),
    approvals: own,
    waiting: new Map(
      [...own.values()].flatMap((one) => (one.state === "waiting" ? [[placeOf(one.agent, one.action), one]] : [])),
    ),
  });
}

/** What stands of one call; calls of one run share it. */
export function standingOf(
  stored: Stored,
  runs: Map<string, StandingRun>,
  { agentId, action, tallies }: AskedCall,
  { agent, run: name, session = "session" }: Made,
): CallStanding {
  const id = `${agent} ${session} ${name}`;
  const fresh = standingRun({ id, session: `${agent} ${session}`, reach: NO_REACH });
  const run = runs.get(id) ?? structuredClone(stored.runs.get(id) ?? fresh);
  runs.set(id, run);
  return {
    caller: CALLER,
    run,
    failed: stored.failed.get(placeOf(id, action)) ?? 0,
    counted: tallies.map((tally) => stored.counts.get(placeOf(scopeOf(tally, run, agentId), tally.digest)) ?? 0),
    refusal: stored.refusals.get(placeOf(agentId, action)) ?? null,
  };
}

/** Stores what judgements say, as the services write it. */
function store(stored: Stored, batch: Batch, judged: readonly JudgedMade[]): void {
  for (const { asked, standing, judgement } of judged) {
    const { agentId } = asked;
    const { run } = standing;
    stored.runs.set(run.id, structuredClone(run));
    const day = stored.days.get(agentId);
    if (day !== undefined) {
      day.costMicros += judgement.reserves.cost.amount;
      day.tokens += judgement.reserves.tokens.amount;
      if (judgement.halt?.opensIncident === true) day.incidents.push(judgement.halt.rule);
    }
    if (judgement.decision.verdict === "allow")
      for (const tally of asked.tallies) {
        const place = placeOf(scopeOf(tally, run, agentId), tally.digest);
        stored.counts.set(place, (stored.counts.get(place) ?? 0) + tally.adds);
      }
    const breaker = stored.breakers.get(placeOf(agentId, asked.call.tool));
    if (judgement.takesTrial && breaker !== undefined) breaker.trialAt = batch.seconds;
    const dependency = stored.dependencies.get(judgement.dependencyTrial ?? "");
    if (dependency !== undefined) dependency.trialAt = batch.seconds;
    storeQuestion(stored, batch, judgement);
    const asking = stored.asking.get(agentId);
    if (judgement.flood === null || asking === undefined) continue;
    const { since, refused, pausedUntil } = judgement.flood.asking;
    Object.assign(asking, { since, refused, pausedUntil });
  }
}

function storeQuestion(stored: Stored, batch: Batch, { asked, used, moved }: Judgement): void {
  const settle = (id: string, state: StandingApproval["state"]) => {
    const approval = stored.approvals.get(id);
    if (approval !== undefined) approval.state = state;
  };
  if (asked?.kind === "opened") {
    for (const { approval } of asked.superseded) settle(approval.id, "superseded");
    if (asked.expired !== null) settle(asked.expired.id, "expired");
    const approval = batch.approvals.get(asked.id);
    if (approval !== undefined) stored.approvals.set(asked.id, structuredClone({ ...approval, state: "waiting" }));
  }
  if (used !== null) settle(used.id, "consumed");
  const about = moved === null ? undefined : stored.approvals.get(moved.id);
  if (about !== undefined) about.baseMoved = true;
}
