import { z } from "zod";

import { independentPeople } from "./people";
import type { State } from "./state";
import { groupBy, indexBy, violation, type Violation } from "./violation";

type Event = State["events"][number];
type Decision = State["decisions"][number];

// In the order of commits, as the server kept it. Within a run it is the step that says which of two decisions was first,
// because the transactions of both may commit in either order of their calls.
const StopEvent = z.object({ stop: z.string(), scope: z.string(), target: z.string().nullable() });
const StatusEvent = z.object({ agent: z.string(), after: z.object({ status: z.string() }) });
const RevokeEvent = z.object({ credential: z.string() });
const PublishEvent = z.object({ agent: z.string(), version: z.int() });
const LevelEvent = z.object({ agent: z.string(), to: z.int() });
const ToolEvent = z.object({ tool: z.string(), hash: z.string() });
const Level = z.object({ agent: z.object({ level: z.int() }) });

/** What held when a decision committed; absent where nothing was said since the beginning. */
type Held = {
  readonly open: Set<string>;
  readonly status: Map<string, string>;
  readonly revoked: Set<string>;
  readonly version: Map<string, number>;
  readonly level: Map<string, number>;
  readonly tools: Map<string, string>;
};

/** 10: nothing committed after a stop, suspension, revocation, publication or change of a tool that does not know it. */
export function orderViolations(state: State): Violation[] {
  const handles = new Map(state.agents.map(({ id, handle }) => [id, handle]));
  const decisions = indexBy(state.decisions, ({ id }) => id);
  const held: Held = {
    open: new Set(),
    status: new Map(),
    revoked: new Set(),
    version: new Map(),
    level: new Map(),
    tools: new Map(),
  };
  const found: Violation[] = [];
  const placed = new Set<string>();
  for (const event of state.events) {
    const decision = event.topic === "decision.made" ? decisions.get(event.id) : undefined;
    if (!decision) {
      apply(held, event, handles);
      continue;
    }
    placed.add(decision.id);
    const fault = faultOf(held, decision, handles.get(decision.agent_id) ?? "");
    if (fault !== null) found.push(violation(10, `decision ${decision.id} ${fault}`));
  }
  for (const { id } of state.decisions) {
    if (!placed.has(id)) found.push(violation(10, `decision ${id} has no place in the order of commits`));
  }
  return found;
}

function apply(held: Held, { topic, payload }: Event, handles: ReadonlyMap<string, string>): void {
  if (topic === "stop.request" || topic === "stop.resume") {
    const { stop, scope, target } = StopEvent.parse(payload);
    if (scope === "agent")
      held.status.set(handles.get(target ?? "") ?? "", topic === "stop.request" ? "suspended" : "active");
    else if (scope === "workspace" && topic === "stop.request") held.open.add(stop);
    else held.open.delete(stop);
  } else if (topic === "agent.update") {
    const { agent, after } = StatusEvent.parse(payload);
    held.status.set(agent, after.status);
  } else if (topic === "credential.revoke") {
    held.revoked.add(RevokeEvent.parse(payload).credential);
  } else if (topic === "manifest.publish") {
    const { agent, version } = PublishEvent.parse(payload);
    held.version.set(agent, version);
    if (held.status.get(agent) === "draft") held.status.set(agent, "active");
  } else if (topic === "agent.level") {
    const { agent, to } = LevelEvent.parse(payload);
    held.level.set(agent, to);
  } else if (topic === "tool.register" || topic === "tool.accept") {
    const { tool, hash } = ToolEvent.parse(payload);
    held.tools.set(tool, hash);
  }
}

function faultOf(held: Held, decision: Decision, agent: string): string | null {
  if (held.revoked.has(decision.credential_id ?? "")) return "was made for a revoked key";
  const version = held.version.get(agent);
  if (version !== undefined && decision.manifest_version !== version)
    return `was made by version ${decision.manifest_version} after ${version} was published`;
  const hash = held.tools.get(decision.tool);
  if (hash !== undefined && decision.tool_hash !== hash) return "was made by an old definition of its tool";
  const level = held.level.get(agent);
  if (level !== undefined && Level.safeParse(decision.facts).data?.agent.level !== level)
    return `was made by another level than ${level}`;
  if (decision.verdict !== "allow") return null;
  if (held.open.size > 0) return "was allowed in a stopped workspace";
  const status = held.status.get(agent);
  return status === undefined || status === "active" ? null : `was allowed while its agent was ${status}`;
}

/** 16: between a run's halt and its resumption by two people nothing in it was allowed. */
export function haltViolations(state: State): Violation[] {
  const commits = new Map(state.events.map(({ id, committed }) => [id, committed]));
  const stops = state.events.flatMap(({ topic, payload, committed }) => {
    if (topic !== "stop.request" && topic !== "stop.resume") return [];
    const { scope, target } = StopEvent.parse(payload);
    return scope === "run" ? [{ run: target ?? "", halts: topic === "stop.request", committed }] : [];
  });
  const calls = groupBy(state.decisions, ({ run_id }) => run_id);
  const found: Violation[] = [];
  for (const run of state.runs) {
    const pending = stops.filter((stop) => stop.run === run.id);
    let isHalted = false;
    for (const call of calls.get(run.id) ?? []) {
      const committed = commits.get(call.id) ?? Number.POSITIVE_INFINITY;
      while (pending[0] && pending[0].committed < committed) isHalted = pending.shift()?.halts ?? isHalted;
      if (isHalted && call.verdict === "allow")
        found.push(violation(16, `step ${call.step} of the halted run ${run.id} was allowed`));
      isHalted ||= call.checks.some(({ check, verdict }) => verdict === "halt" && check !== "control");
    }
    for (const { halts } of pending) isHalted = halts;
    if (isHalted && run.state !== "halted") found.push(violation(16, `run ${run.id} was halted and is ${run.state}`));
  }
  const consents = groupBy(state.consents, ({ stop_id }) => stop_id);
  for (const { id, scope, resumed_at } of state.stops) {
    if (resumed_at === null) continue;
    const acting = (consents.get(id) ?? []).map(({ member_id }) => ({ memberId: member_id, heldAt: resumed_at }));
    const people = independentPeople(state, acting, resumed_at);
    if (people < 2) found.push(violation(16, `the stop ${id} of ${scope} was ended by ${people} of two people`));
  }
  return found;
}
