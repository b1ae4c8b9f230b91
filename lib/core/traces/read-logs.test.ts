import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";

import { describe, expect, test } from "vitest";

import {
  type LogDraft,
  logBody,
  metricBody,
  type PointDraft,
  SPAN_ID,
  START_NS,
  TRACE_ID,
} from "@/lib/testing/otlp-bodies";

import { readLogs } from "./read-logs";
import { readMetrics } from "./read-metrics";

const sha256Hex = (text: string) => createHash("sha256").update(text, "utf8").digest("hex");
const CLAUDE_CODE = {
  resource: { "service.name": "claude-code", "service.version": "2.1.0", "os.type": "linux" },
  scope: "com.anthropic.claude_code.events",
  version: "2.1.0",
};

function logs(records: readonly LogDraft[], origin = CLAUDE_CODE as Parameters<typeof logBody>[2]) {
  const read = readLogs("protobuf", logBody("protobuf", records, origin), sha256Hex);
  if (!read.ok) throw new Error(read.fault.message);
  return read;
}
const claude = (name: string, attributes: NonNullable<LogDraft["attributes"]>): LogDraft => ({
  body: `claude_code.${name}`,
  attributes: { "event.name": name, "session.id": "s-1", "prompt.id": "p-1", "user.id": "u-1", ...attributes },
});

describe("Claude Code's events", () => {
  test("tell of calls with inclusive tokens, also where numbers are text", () => {
    const usage = { input_tokens: 76, output_tokens: 340, cache_read_tokens: 1_024, cache_creation_tokens: 100 };
    const asText = Object.fromEntries(Object.entries(usage).map(([key, value]) => [key, String(value)]));
    for (const tokens of [usage, asText]) {
      const [event] = logs([
        claude("api_request", {
          model: "claude-sonnet-4-5",
          cost_usd: "0.0123",
          duration_ms: 2_000,
          speed: "fast",
          ...tokens,
        }),
      ]).items;
      expect(event).toMatchObject({
        dialect: "claude_code",
        producer: "com.anthropic.claude_code.events 2.1.0",
        name: "claude_code.api_request",
        kind: "llm",
        usageRole: "leaf",
        agentId: "claude-code",
        agentVersion: "2.1.0",
        sessionId: "s-1",
        runId: "p-1",
        model: "claude-sonnet-4-5",
        tokens: { input: 1_200, output: 340, cacheRead: 1_024, cacheWrite: 100 },
        tokensRead: "exclusive_converted",
        costUsdGiven: "0.0123",
        startNs: String(START_NS - 2_000_000_000n),
        endNs: String(START_NS),
        outcome: "success",
        dimensions: { serviceTier: "fast", customer: "u-1" },
      });
    }
  });

  test("tell of tools, their failures, and what was allowed", () => {
    const { items } = logs([
      claude("tool_result", {
        tool_name: "Bash",
        success: "true",
        duration_ms: "5",
        tool_parameters: '{"bash_command":"ls"}',
      }),
      claude("tool_result", { tool_name: "Edit", success: "false", error: "no such file", tool_use_id: "toolu_1" }),
      claude("tool_result", {
        tool_name: "mcp_tool",
        success: "true",
        tool_parameters: '{"mcp_server_name":"crm","mcp_tool_name":"update"}',
      }),
      claude("tool_decision", { tool_name: "Bash", decision: "reject", source: "user_reject" }),
      claude("api_error", { model: "claude-sonnet-4-5", error: "overloaded", status_code: 529 }),
    ]);
    expect(items.map(({ kind, outcome }) => [kind, outcome])).toEqual([
      ["tool", "success"],
      ["tool", null],
      ["tool", "success"],
      ["guardrail", "success"],
      ["llm", null],
    ]);
    expect(items[0]?.tool).toEqual({ name: "Bash", callId: null, args: { bash_command: "ls" } });
    expect(items[1]).toMatchObject({ tool: { callId: "toolu_1" }, error: { type: "error", message: "no such file" } });
    expect(items[2]).toMatchObject({ tool: { name: "mcp__crm__update" }, dimensions: { mcpServer: "crm" } });
    expect(items[3]?.policy).toEqual({ decision: "deny", rule: "user_reject", policyId: null });
    expect(items[4]?.error?.message).toBe("overloaded");
  });

  test("keep the prompt as content, and one session is one trace", () => {
    const { items } = logs([
      claude("user_prompt", { prompt_length: 6, prompt: "CANARY" }),
      claude("hook_execution_start", { hook_event: "PreToolUse" }),
    ]);
    const [prompt, hook] = items;
    expect(prompt?.content).toEqual({ prompt: "CANARY" });
    expect(JSON.stringify({ ...prompt, content: {} })).not.toContain("CANARY");
    expect(hook?.traceId).toBe(prompt?.traceId);
    expect(hook?.eventId).not.toBe(prompt?.eventId);
  });

  test("have the same id however often and in whatever encoding they are sent", () => {
    const record = claude("api_request", { model: "m", input_tokens: 1 });
    const ids = (["protobuf", "json"] as const).map((encoding) => {
      const read = readLogs(encoding, logBody(encoding, [record, record], CLAUDE_CODE), sha256Hex);
      return read.ok ? read.items.map(({ eventId }) => eventId) : [];
    });
    expect(new Set(ids.flat()).size).toBe(1);
    expect(ids.flat()).toHaveLength(4);
  });
});

describe("GenAI events among logs", () => {
  test("are scores below their span", () => {
    const { items } = logs(
      [
        {
          eventName: "gen_ai.evaluation.result",
          traceId: TRACE_ID,
          spanId: SPAN_ID,
          attributes: {
            "gen_ai.evaluation.name": "relevance",
            "gen_ai.evaluation.score.value": { double: 0.8 },
            "gen_ai.evaluation.score.label": "relevant",
            "gen_ai.evaluation.explanation": "because",
          },
        },
      ],
      {},
    );
    expect(items[0]).toMatchObject({
      kind: "eval",
      dialect: "otel_genai",
      traceId: TRACE_ID,
      parentEventId: SPAN_ID,
      evaluations: [{ name: "relevance", score: 0.8, label: "relevant" }],
      content: { "gen_ai.evaluation.explanation": "because" },
    });
  });

  test("repeat a call's usage only where its span is not there to have it", () => {
    const details = {
      eventName: "gen_ai.client.inference.operation.details",
      attributes: {
        "gen_ai.operation.name": "chat",
        "gen_ai.usage.input_tokens": 10,
        "gen_ai.input.messages": "[]",
      },
    };
    const { items } = logs([{ ...details, traceId: TRACE_ID, spanId: SPAN_ID }, details], {});
    expect(items.map(({ usageRole, tokens }) => [usageRole, tokens?.input ?? null])).toEqual([
      ["rollup", null],
      ["leaf", 10],
    ]);
  });

  test("are told from all other logs, which are counted by name", () => {
    const { items, passedOver } = logs(
      [{ eventName: "browser.page_view" }, { body: "started" }, { body: "started" }],
      {},
    );
    expect(items).toEqual([]);
    expect([...passedOver]).toEqual([
      ["browser.page_view", 1],
      ["(unnamed)", 2],
    ]);
  });

  test("are refused alone where they cannot be", () => {
    const details = { eventName: "gen_ai.client.inference.operation.details" };
    const { items, rejected } = logs(
      [{ ...details, attributes: { "gen_ai.usage.input_tokens": -1 } }, { ...details, traceId: "0af7" }, details],
      {},
    );
    expect(items).toHaveLength(1);
    expect([...rejected.byCode.keys()].toSorted()).toEqual(["tokens_out_of_range", "trace_id_invalid"]);
  });
});

describe("metrics", () => {
  function points(drafts: readonly PointDraft[], origin: Parameters<typeof metricBody>[2] = CLAUDE_CODE) {
    const [read, same] = (["protobuf", "json"] as const).map((encoding) =>
      readMetrics(encoding, metricBody(encoding, drafts, origin), sha256Hex),
    );
    if (!read?.ok) throw new Error("not read");
    expect(same).toEqual(read);
    return read;
  }
  const tokens = (type: string, value: bigint): PointDraft => ({
    metric: "claude_code.token.usage",
    unit: "tokens",
    value,
    attributes: { type, model: "claude-sonnet-4-5", "session.id": "s-1" },
  });

  test("of Claude Code say who used how many tokens of what", () => {
    const { items } = points([
      tokens("input", 76n),
      tokens("cacheRead", 1_024n),
      tokens("cacheCreation", 100n),
      tokens("output", 340n),
    ]);
    expect(items.map(({ tokenType, value }) => [tokenType, value])).toEqual([
      ["input", "76"],
      ["cache_read", "1024"],
      ["cache_write", "100"],
      ["output", "340"],
    ]);
    expect(items[0]).toMatchObject({
      measure: "tokens",
      temporality: "delta",
      monotonic: true,
      inputIncludesCache: false,
      agentId: "claude-code",
      sessionId: "s-1",
      model: "claude-sonnet-4-5",
      unread: {},
    });
    expect(new Set(items.map(({ seriesId }) => seriesId)).size).toBe(4);
  });

  test("keep cost as decimal text and cumulative values apart by time", () => {
    const cost = (value: number, timeNs: bigint): PointDraft => ({
      metric: "claude_code.cost.usage",
      unit: "USD",
      cumulative: true,
      value,
      timeNs,
    });
    const { items } = points([cost(0.0000001, START_NS + 1n), cost(0.5, START_NS + 2n)]);
    expect(items.map(({ measure, temporality, value }) => [measure, temporality, value])).toEqual([
      ["cost_usd", "cumulative", "0.0000001"],
      ["cost_usd", "cumulative", "0.5"],
    ]);
    expect(items[0]?.seriesId).toBe(items[1]?.seriesId);
    expect(items[0]?.pointId).not.toBe(items[1]?.pointId);
  });

  test("that are about other things are counted by name, and impossible ones refused alone", () => {
    const { items, passedOver, rejected } = points([
      { metric: "http.server.duration", value: 1 },
      tokens("input", -1n),
      { metric: "gen_ai.client.token.usage", value: Number.NaN },
      { ...tokens("input", 5n), metric: "gen_ai.client.token.usage", attributes: { "gen_ai.token.type": "output" } },
    ]);
    expect(items.map(({ tokenType, inputIncludesCache }) => [tokenType, inputIncludesCache])).toEqual([
      ["output", true],
    ]);
    expect([...passedOver]).toEqual([["http.server.duration", 1]]);
    expect([...rejected.byCode]).toEqual([["number_invalid", 2]]);
  });
});

const REAL = "../shared/data/otlp";
describe.skipIf(!existsSync(REAL))("the protocol's own examples", () => {
  test("are read and passed over by name", () => {
    for (const [file, read, names] of [
      ["events.json", readLogs, ["browser.page_view"]],
      ["logs.json", readLogs, ["(unnamed)"]],
      ["metrics.json", readMetrics, ["my.counter", "my.gauge", "my.histogram", "my.exponential.histogram"]],
    ] as const) {
      const result = read("json", readFileSync(`${REAL}/${file}`), sha256Hex);
      expect(result.ok && [...result.passedOver.keys()]).toEqual(names);
    }
  });
});
