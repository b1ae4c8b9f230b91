import { afterAll, expect, test } from "vitest";

import { Call } from "@/lib/core/decisions/schema";
import { RunQuery } from "@/lib/core/runs/schema";
import { argsHash } from "@/lib/core/redaction/args-hash";
import type { AgentEvent } from "@/lib/core/traces/event";
import { countGovernedCalls } from "@/lib/data/call-joins";
import { noteExecutedCalls } from "@/lib/data/executed-calls";
import { ingestPool } from "@/lib/data/ingest-pool";
import { ingestHash } from "@/lib/platform/ingest-key";
import { ask, givenAskingAgent } from "@/lib/testing/agent";
import { givenTenant } from "@/lib/testing/tenant";
import { givenEvent, givenStored } from "@/lib/testing/trace-events";

import { decideCall } from "../decisions/decide-call";
import { showDecision } from "../decisions/show-decision";
import { showRunStory } from "../runs/show-run-story";
import { findTelemetry } from "./find-telemetry";
import { joinExecutedCalls } from "./join-executed-calls";
import { traceStore } from "./stores";

afterAll(() => ingestPool.end());

test("an executed call meets the decision that allowed it, and what met none is ungoverned", async () => {
  const tenant = await givenTenant();
  const { workspaceId, system } = tenant;
  const author = await tenant.person("admin");
  const agent = await givenAskingAgent(tenant, {
    author,
    handle: "joined",
    tools: [{ name: "look", reversibility: "read", blast_radius: "none" }],
    manifest: 'tools:\n  allowed:\n    - name: "look"\n',
  });
  const decided = async (n: number) => ask(agent, "look", { run_id: "r-1", call_id: `c-${n}`, args: { n } });
  const one = await decided(1);
  const two = await decided(2);
  expect([one.verdict, two.verdict]).toEqual(["allow", "allow"]);
  const executed = (n: number, more: Partial<AgentEvent> = {}) => {
    const args = { n };
    const tool = { name: "look", callId: `c-${n}`, args };
    const event = givenEvent({ kind: "tool", runId: "r-1", tokens: null, tool, ...more });
    const argsDigest = argsHash(ingestHash(workspaceId), args)?.slice(0, 32) ?? null;
    return givenStored(agent.actor, event, { argsDigest });
  };
  const calls = [executed(1), executed(2, { runId: "another", decisionId: two.decision_id }), executed(3)];
  await noteExecutedCalls(workspaceId, [...calls, ...calls]);
  expect(await joinExecutedCalls(system)).toEqual({ joined: 2, ungoverned: 1 });
  expect(await joinExecutedCalls(system)).toEqual({ joined: 0, ungoverned: 0 });
  const rows = await system.db.executedCall.findMany({ where: { workspaceId }, orderBy: { callId: "asc" } });
  expect(rows.map(({ callId, decisionId, joinedBy }) => [callId, decisionId, joinedBy])).toEqual([
    ["c-1", one.decision_id, "call"],
    ["c-2", two.decision_id, "decision_id"],
    ["c-3", null, null],
  ]);
  const counted = await countGovernedCalls(system.db, workspaceId, new Date(Date.now() - 60_000));
  expect(counted).toEqual([{ agentId: agent.actor.agentId, executed: 3, governed: 2 }]);
});

test("a call meets the decision that was asked for from its span, and the decision says so", async () => {
  const tenant = await givenTenant();
  const { workspaceId, system } = tenant;
  const [author, reader] = [await tenant.person("admin"), await tenant.person("viewer")];
  const agent = await givenAskingAgent(tenant, {
    author,
    handle: "traced",
    tools: [{ name: "look", reversibility: "read", blast_radius: "none" }],
    manifest: 'tools:\n  allowed:\n    - name: "look"\n',
  });
  const tool = { name: "look", callId: null, args: null };
  const event = givenEvent({ kind: "tool", runId: null, tokens: null, tool });
  const call = Call.parse({ session_id: "s-1", run_id: "r-1", tool: "look" });
  const trace = { traceId: event.traceId, spanId: event.eventId };
  const { decision_id: id } = await decideCall(agent, { call, idempotencyKey: null, trace });
  const place = { trace_id: event.traceId, span_id: event.eventId };
  expect(await showDecision(reader, id)).toMatchObject({ asked_from: { ...place, arrived: false }, ran_in: null });
  const stored = givenStored(agent.actor, event, { argsDigest: null });
  await traceStore.write(workspaceId, [stored]);
  await noteExecutedCalls(workspaceId, [stored]);
  expect(await joinExecutedCalls(system)).toEqual({ joined: 1, ungoverned: 0 });
  expect(await showDecision(reader, id)).toMatchObject({
    asked_from: { ...place, arrived: true },
    ran_in: { ...place, joined_by: "traceparent" },
  });
  const { traces } = await findTelemetry(reader, event.traceId);
  expect(traces).toMatchObject([{ asked: [{ decision_id: id, tool: "look" }], calls: [{ decision_id: id }] }]);
  const found = await findTelemetry(reader, id);
  expect(found.traces.map(({ trace_id: traceId }) => traceId)).toEqual([event.traceId]);
});

test("a call that ran with other arguments than its decision allowed is ungoverned, and both say so", async () => {
  const tenant = await givenTenant();
  const { workspaceId, system } = tenant;
  const [author, reader] = [await tenant.person("admin"), await tenant.person("viewer")];
  const agent = await givenAskingAgent(tenant, {
    author,
    handle: "differs",
    tools: [{ name: "look", reversibility: "read", blast_radius: "none" }],
    manifest: 'tools:\n  allowed:\n    - name: "look"\n',
  });
  const { decision_id: id } = await ask(agent, "look", { run_id: "r-1", call_id: "c-1", args: { ids: [1] } });
  const args = { ids: [1, 2] };
  const event = givenEvent({ kind: "tool", runId: "r-1", tokens: null, tool: { name: "look", callId: "c-1", args } });
  const argsDigest = argsHash(ingestHash(workspaceId), args)?.slice(0, 32) ?? null;
  const stored = givenStored(agent.actor, event, { argsDigest });
  await traceStore.write(workspaceId, [stored]);
  await noteExecutedCalls(workspaceId, [stored]);
  expect(await joinExecutedCalls(system)).toEqual({ joined: 0, ungoverned: 1 });
  const shown = await showDecision(reader, id);
  expect(shown).toMatchObject({
    ran_in: null,
    ran_otherwise: { trace_id: event.traceId, span_id: event.eventId },
  });
  const story = await showRunStory(reader, shown.run_id, RunQuery.parse({}));
  expect(story.said.map(({ text }) => text)).toEqual(["look ran with other arguments than allowed."]);
  expect(story.figures).toMatchObject({ ungoverned: 1 });
  const { traces } = await findTelemetry(reader, event.traceId);
  expect(traces[0]?.calls[0]?.why).toBe(`It ran with other arguments than the decision ${id} allowed.`);
});
