import { describe, expect, test } from "vitest";

import type { AgentEvent } from "@/lib/core/traces/event";
import { readTraces } from "@/lib/core/traces/read-traces";
import { retriedEvents } from "@/lib/core/traces/retries";
import { buildTree } from "@/lib/core/traces/tree";

import { demoTelemetry, type PlayedStep } from "./telemetry";
import { demoTraffic } from "./traffic";

const NOW = Date.parse("2026-11-30T08:00:00Z");
const DAY_NS = 86_400_000_000_000n;
const STEP_MS = 300;

/** Every step as if it was asked one after the other, and people or the manifest let half of them run. */
const played: readonly PlayedStep[] = demoTraffic().map((step, at) => {
  const askedAt = NOW + at * STEP_MS;
  const waits = step.call.tool === "issue_refund" && step.people === undefined;
  const allowedBy = waits ? null : `decision-${at}`;
  return { step, askedAt, answeredAt: askedAt + 20, doneAt: askedAt + 30, allowedBy, waits };
});

function eventsOf(agent: string): readonly AgentEvent[] {
  return demoTelemetry(played, NOW)
    .filter((sent) => sent.agent === agent)
    .flatMap(({ body }) => {
      const read = readTraces("json", body);
      if (!read.ok) throw new Error(read.fault.message);
      expect(read.rejected.count).toBe(0);
      return read.items;
    });
}

const all = [...new Set(demoTraffic().map(({ agent }) => agent))].flatMap(eventsOf);

describe("the demo's telemetry", () => {
  test("is some thousand events over five weeks, always the same, no two of one id", () => {
    expect(all.length).toBeGreaterThan(5_000);
    expect(all.length).toBeLessThan(12_000);
    expect(new Set(all.map(({ traceId, eventId }) => `${traceId}/${eventId}`)).size).toBe(all.length);
    const texts = () => demoTelemetry(played, NOW).map(({ body }) => Buffer.from(body).toString());
    expect(texts()).toEqual(texts());
  });

  test("names run, session and decision of every call but the one that nobody decided", () => {
    const calls = all.filter(({ kind }) => kind === "tool");
    expect(calls.filter(({ decisionId }) => decisionId === null).map(({ tool }) => tool?.name)).toEqual([
      "export_contacts",
    ]);
    expect(all.filter(({ runId, sessionId }) => runId === null || sessionId === null)).toEqual([]);
    const decided = calls.filter(({ decisionId }) => decisionId !== null);
    expect(decided.length).toBeGreaterThan(30);
    const said = decided.map(({ decisionId, tool, runId }) => `${decisionId} ${tool?.name} ${runId}`);
    const allowed = played.flatMap(({ allowedBy, step: { call } }) =>
      allowedBy === null ? [] : [`${allowedBy} ${call.tool} ${call.run_id}`],
    );
    expect(said.toSorted()).toEqual(allowed.toSorted());
  });

  test("has a model swap between two days, a retry storm, an error and a missing parent", () => {
    const models = new Map<number, Set<string>>();
    for (const { model, startNs, kind, error } of eventsOf("support-triage-v2")) {
      if (kind !== "llm" || model === null || error !== null) continue;
      const day = Number((BigInt(NOW) * 1_000_000n - BigInt(startNs)) / DAY_NS);
      models.set(day, (models.get(day) ?? new Set()).add(model));
    }
    expect([...models].sort(([a], [b]) => a - b).map(([, names]) => [...names].join())).toEqual([
      "claude-haiku-4-5-20251001",
      expect.stringContaining("claude-haiku-4-5-20251001"),
      ...Array<string>(34).fill("gpt-4.1-mini-2025-04-14"),
    ]);
    const storm = eventsOf("release-pilot-v1");
    expect(retriedEvents(storm, ({ tool }) => JSON.stringify(tool?.args ?? null)).size).toBe(3);
    const failed = all.filter(({ kind, error }) => kind === "llm" && error !== null);
    expect(failed.filter(({ error }) => error?.type === "overloaded_error")).toHaveLength(1);
    expect(failed.filter(({ error }) => error?.type === "rate_limit_error").length).toBeGreaterThan(10);
    expect(buildTree(all).missing).toHaveLength(1);
  });

  test("tells cached tokens as part of the input, and a cost only where no table has one", () => {
    const calls = all.filter(({ kind, error }) => kind === "llm" && error === null);
    for (const { tokens, tokensRead, model, costUsdGiven } of calls) {
      expect(tokensRead).toBe("inclusive");
      expect(tokens?.cacheRead ?? 0).toBeLessThan(tokens?.input ?? 0);
      expect(costUsdGiven !== null).toBe(model === "ops-pilot-32b");
    }
  });
});

test("each export of the demo arrives when its events are evidence, and none lies in the future", () => {
  for (const { receivedAt, body } of demoTelemetry(played, NOW)) {
    const read = readTraces("json", body);
    if (!read.ok) throw new Error(read.fault.message);
    const times = read.items.map(({ startNs }) => Number(BigInt(startNs) / 1_000_000n));
    expect(Math.min(...times)).toBeGreaterThan(receivedAt - 86_400_000);
    expect(Math.max(...times)).toBeLessThan(receivedAt + 300_000);
    expect(receivedAt).toBeLessThanOrEqual(NOW);
  }
});
