import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { RunFeedback } from "@/lib/core/runs/feedback";
import { Call } from "@/lib/core/decisions/schema";
import { RunFilter, RunQuery } from "@/lib/core/runs/schema";
import type { StoryRow } from "@/lib/core/runs/story";
import { FeedbackInput } from "@/lib/core/traces/feedback";
import { ingestPool } from "@/lib/data/ingest-pool";
import { type AskingAgent, ask, givenAskingAgent } from "@/lib/testing/agent";
import { givenTenant, type Person, type Tenant } from "@/lib/testing/tenant";
import { givenEvent, givenStored } from "@/lib/testing/trace-events";

import { decideCall } from "../decisions/decide-call";
import { takeFeedback } from "../traces/take-feedback";
import { traceStore } from "../traces/stores";
import { exportRunStory } from "./export-run-story";
import { listRuns } from "./list-runs";
import { showRunStory } from "./show-run-story";
import { showTraceStory } from "./show-trace-story";

afterAll(() => ingestPool.end());

const LOOK = { name: "look", reversibility: "read", blast_radius: "none" };
const MANIFEST = 'tools:\n  allowed:\n    - name: "look"\n';

const feedbackRows = (rows: readonly StoryRow[]) =>
  rows.flatMap(({ told, depth, at }) => (told.kind === "feedback" ? [{ ...told, depth, at }] : []));

describe("feedback on a run's page", () => {
  let tenant: Tenant;
  let reader: Person;
  let agent: AskingAgent;
  let other: AskingAgent;
  const given = async (handle: string) => {
    const author = await tenant.person("admin");
    return givenAskingAgent(tenant, { author, handle, tools: [LOOK], manifest: MANIFEST });
  };
  beforeAll(async () => {
    tenant = await givenTenant();
    [reader, agent, other] = [await tenant.person("viewer"), await given("told"), await given("another")];
  });
  const say = (by: AskingAgent, input: Partial<FeedbackInput>) => takeFeedback(by, FeedbackInput.parse(input));
  const story = async (session: string) => {
    const [run] = (await listRuns(reader, RunFilter.parse({ session }))).items;
    const { page } = await showRunStory(reader, run?.id ?? "", RunQuery.parse({}));
    return feedbackRows(page.rows);
  };

  test("says what was sent and with whose key, below the span it is about", async () => {
    await ask(agent, "look", { session_id: "s-1", run_id: "r-1" });
    const event = givenEvent({ runId: "r-1", sessionId: "s-1" });
    await traceStore.write(tenant.workspaceId, [givenStored(agent.actor, event)]);
    const markup = '<img src=x onerror="alert(1)">';
    await say(agent, { trace_id: event.traceId, event_id: event.eventId, rating: -0.5, label: markup });
    const rows = await story("s-1");
    expect(rows).toMatchObject([{ about: "event", depth: 1, agent: "told", rating: -0.5, label: markup }]);
    expect(rows[0]?.keyHint).toHaveLength(4);
  });

  test("by a run's name alone is of the latest such run that had begun, and of its own agent's only", async () => {
    await ask(agent, "look", { session_id: "s-2", run_id: "nightly" });
    await say(agent, { run_id: "nightly", rating: 1, id: "first" });
    await ask(agent, "look", { session_id: "s-3", run_id: "nightly" });
    await say(agent, { run_id: "nightly", rating: -1, id: "second" });
    await say(other, { run_id: "nightly", rating: -1, id: "third" });
    const ratings = async (session: string) => (await story(session)).map(({ rating }) => rating);
    expect(await ratings("s-2")).toEqual([1]);
    expect(await ratings("s-3")).toEqual([-1]);
  });

  test("that came before its run is on the run when it comes", async () => {
    await say(agent, { run_id: "early", label: "late answer" });
    await ask(agent, "look", { session_id: "s-4", run_id: "early" });
    expect(await story("s-4")).toMatchObject([{ about: "run", label: "late answer" satisfies RunFeedback["label"] }]);
  });
});

test("a run is saved in one file that holds every row of its page, by members of its workspace", async () => {
  const tenant = await givenTenant();
  const [author, reader] = [await tenant.person("admin"), await tenant.person("viewer")];
  const agent = await givenAskingAgent(tenant, { author, handle: "saved", tools: [LOOK], manifest: MANIFEST });
  for (const args of [{ n: 1 }, { n: 2 }]) await ask(agent, "look", { args });
  const [run] = (await listRuns(reader, RunFilter.parse({}))).items;
  const { page, said, figures, issue } = await showRunStory(reader, run?.id ?? "", RunQuery.parse({}));
  let text = "";
  for await (const part of await exportRunStory(reader, run?.id ?? "")) text += part;
  expect(JSON.parse(text)).toMatchObject({
    format: "interlock-run/1",
    is_cut: false,
    run: { id: run?.id, agent: "saved" },
    what_happened: said,
    figures,
    rows: page.rows,
  });
  expect(page.rows).toHaveLength(4);
  expect(issue).toContain(`# Run \`r-1\` of \`saved\``);
  const other = await (await givenTenant()).person("admin");
  await expect(exportRunStory(other, run?.id ?? "")).rejects.toMatchObject({ code: "not_found" });
});

test("a trace that names no run is told in the run whose decision was asked for from it, if it is the agent's own", async () => {
  const tenant = await givenTenant();
  const [author, reader] = [await tenant.person("admin"), await tenant.person("viewer")];
  const agent = await givenAskingAgent(tenant, { author, handle: "asks", tools: [LOOK], manifest: MANIFEST });
  const other = await givenAskingAgent(tenant, { author, handle: "other", tools: [], manifest: MANIFEST });
  const [own, foreign] = [givenEvent({ sessionId: null, runId: null }), givenEvent({ sessionId: null, runId: null })];
  await traceStore.write(tenant.workspaceId, [givenStored(agent.actor, own), givenStored(other.actor, foreign)]);
  for (const event of [own, foreign]) {
    const call = Call.parse({ session_id: "s-1", run_id: "r-1", tool: "look" });
    await decideCall(agent, { call, idempotencyKey: null, trace: { traceId: event.traceId, spanId: event.eventId } });
  }
  const [run] = (await listRuns(reader, RunFilter.parse({}))).items;
  const { page } = await showRunStory(reader, run?.id ?? "", RunQuery.parse({}));
  const spans = page.rows.map(({ id }) => id).filter((id) => id.startsWith("span-"));
  expect(spans).toEqual([`span-${own.traceId}-${own.eventId}`]);
});

test("a trace in whose run no call was decided has a story of its own, for its workspace alone", async () => {
  const [tenant, stranger] = [await givenTenant(), await (await givenTenant()).person("viewer")];
  const [author, reader] = [await tenant.person("admin"), await tenant.person("viewer")];
  const agent = await givenAskingAgent(tenant, { author, handle: "unasked", tools: [LOOK], manifest: MANIFEST });
  const event = givenEvent({ runId: "r-alone", sessionId: "s-alone" });
  await traceStore.write(tenant.workspaceId, [givenStored(agent.actor, event)]);
  await takeFeedback(agent, FeedbackInput.parse({ trace_id: event.traceId, rating: -1 }));
  const query = RunQuery.parse({});
  const story = await showTraceStory(reader, event.traceId, query);
  expect(story).toMatchObject({ agent: "unasked", run: "r-alone", runId: null, figures: { decisions: 0 } });
  expect(story.page.rows.map(({ told }) => told.kind)).not.toContain("end");
  expect(feedbackRows(story.page.rows)).toMatchObject([{ rating: -1 }]);
  await expect(showTraceStory(stranger, event.traceId, query)).rejects.toMatchObject({ code: "not_found" });
  await expect(showTraceStory(reader, "no-trace", query)).rejects.toMatchObject({ code: "not_found" });

  await ask(agent, "look", { session_id: "s-alone", run_id: "r-alone" });
  expect((await showTraceStory(reader, event.traceId, query)).runId).toEqual(expect.any(String));
});
