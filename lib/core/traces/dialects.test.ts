import { existsSync, readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { type AttributeMap, type OriginDraft, type SpanDraft, spanBody } from "@/lib/testing/otlp-bodies";

import { COLUMNS } from "./alias-row";
import { ALIASES } from "./aliases";
import type { AgentEvent, Tokens } from "./event";
import { readTraces } from "./read-traces";

function eventsOf(spans: readonly SpanDraft[], origin: OriginDraft = {}): readonly AgentEvent[] {
  const read = readTraces("protobuf", spanBody("protobuf", spans, origin));
  if (!read.ok) throw new Error(read.fault.message);
  expect(read.rejected.count).toBe(0);
  return read.items;
}

function eventOf(attributes: AttributeMap, origin: OriginDraft = {}, span: SpanDraft = {}): AgentEvent {
  const [event] = eventsOf([{ ...span, attributes }], origin);
  if (!event) throw new Error("no event");
  return event;
}

const NO_TOKENS: Tokens = {
  input: null,
  output: null,
  cacheRead: null,
  cacheWrite: null,
  cacheWrite1h: null,
  reasoning: null,
  audioIn: null,
  audioOut: null,
};
/** What the provider answered: 1,200 tokens in, 1,024 of them from its cache, 340 out, 256 of them reasoning. */
const REPLY: Tokens = { ...NO_TOKENS, input: 1_200, output: 340, cacheRead: 1_024, reasoning: 256 };
const MODEL = "gpt-4.1-mini-2025-04-14";

const GENAI = {
  "gen_ai.operation.name": "chat",
  "gen_ai.provider.name": "openai",
  "gen_ai.request.model": "gpt-4.1-mini",
  "gen_ai.response.model": MODEL,
  "gen_ai.usage.input_tokens": 1_200,
  "gen_ai.usage.output_tokens": 340,
  "gen_ai.response.finish_reasons": ["tool_calls"],
  "gen_ai.conversation.id": "a1f8",
};

/** The same reply as each dialect tells it. */
const REPLIES: readonly (readonly [string, AgentEvent["dialect"], AttributeMap, OriginDraft])[] = [
  [
    "OTel GenAI",
    "otel_genai",
    { ...GENAI, "gen_ai.usage.cache_read.input_tokens": 1_024, "gen_ai.usage.reasoning.output_tokens": 256 },
    {},
  ],
  [
    "OTel GenAI, deprecated names",
    "otel_genai",
    {
      "gen_ai.operation.name": "chat",
      "gen_ai.system": "openai",
      "gen_ai.request.model": "gpt-4.1-mini",
      "gen_ai.response.model": MODEL,
      "gen_ai.usage.prompt_tokens": 1_200,
      "gen_ai.usage.completion_tokens": 340,
      "gen_ai.usage.cache_read_input_tokens": 1_024,
      "gen_ai.usage.reasoning_tokens": 256,
      "gen_ai.response.finish_reason": "tool_calls",
      "session.id": "a1f8",
    },
    {},
  ],
  [
    "OpenInference",
    "openinference",
    {
      "openinference.span.kind": "LLM",
      "llm.system": "openai",
      "llm.request.model_name": "gpt-4.1-mini",
      "llm.model_name": MODEL,
      "llm.token_count.prompt": 1_200,
      "llm.token_count.completion": 340,
      "llm.token_count.prompt_details.cache_read": 1_024,
      "llm.token_count.completion_details.reasoning": 256,
      "llm.finish_reason": "tool_calls",
      "session.id": "a1f8",
    },
    { scope: "openinference.instrumentation.openai", version: "0.1.40" },
  ],
  [
    "Traceloop",
    "openllmetry",
    {
      "llm.request.type": "chat",
      "gen_ai.system": "OpenAI",
      "gen_ai.request.model": "gpt-4.1-mini",
      "gen_ai.response.model": MODEL,
      "gen_ai.usage.input_tokens": 1_200,
      "gen_ai.usage.output_tokens": 340,
      "gen_ai.usage.cache_read_input_tokens": 1_024,
      "gen_ai.usage.reasoning_tokens": 256,
      "gen_ai.response.finish_reasons": ["tool_call"],
      "traceloop.association.properties.session_id": "a1f8",
    },
    { scope: "opentelemetry.instrumentation.openai.v1", version: "0.53.0" },
  ],
  [
    "AI SDK 6",
    "vercel_ai",
    {
      "operation.name": "ai.generateText.doGenerate support-triage",
      "ai.operationId": "ai.generateText.doGenerate",
      "ai.model.provider": "openai.chat",
      "ai.model.id": "gpt-4.1-mini",
      "ai.response.model": MODEL,
      "ai.usage.inputTokens": 1_200,
      "ai.usage.outputTokens": 340,
      "ai.usage.cachedInputTokens": 1_024,
      "ai.usage.reasoningTokens": 256,
      "gen_ai.system": "openai.chat",
      "gen_ai.usage.input_tokens": 1_200,
      "gen_ai.usage.output_tokens": 340,
      "ai.response.finishReason": "tool-calls",
      "ai.telemetry.metadata.sessionId": "a1f8",
    },
    { scope: "ai" },
  ],
  [
    "Langfuse",
    "langfuse",
    {
      "langfuse.observation.type": "generation",
      "langfuse.observation.model.name": MODEL,
      "langfuse.observation.usage_details": JSON.stringify({
        input: 176,
        output: 84,
        input_cached_tokens: 1_024,
        output_reasoning_tokens: 256,
      }),
      "session.id": "a1f8",
    },
    { scope: "langfuse-sdk", version: "5.11.1" },
  ],
  [
    "pydantic-ai",
    "pydantic_ai",
    {
      ...GENAI,
      "gen_ai.usage.details.cache_read_tokens": 1_024,
      "gen_ai.usage.details.reasoning_tokens": 256,
      model_request_parameters: "{}",
    },
    { scope: "pydantic-ai", version: "1.2.0" },
  ],
  [
    "OpenAI Agents SDK",
    "openai_agents",
    { ...GENAI, "gen_ai.usage.cache_read.input_tokens": 1_024, "gen_ai.usage.reasoning.output_tokens": 256 },
    { scope: "opentelemetry.instrumentation.openai_agents", version: "0.1.0" },
  ],
  [
    "LangSmith",
    "langsmith",
    {
      "langsmith.span.kind": "llm",
      "langsmith.metadata.ls_provider": "openai",
      "gen_ai.request.model": "gpt-4.1-mini",
      "gen_ai.response.model": MODEL,
      "gen_ai.usage.input_tokens": 1_200,
      "gen_ai.usage.output_tokens": 340,
      "gen_ai.usage.input_token_details": '{"cache_read":1024}',
      "gen_ai.usage.output_token_details": '{"reasoning":256}',
      "gen_ai.response.finish_reasons": "tool_calls",
      "langsmith.metadata.session_id": "a1f8",
    },
    { scope: "langsmith" },
  ],
];

describe("the same reply", () => {
  test.each(REPLIES)("is the same event from %s", (_, dialect, attributes, origin) => {
    const event = eventOf(attributes, { ...origin, resource: { "service.name": "support-triage" } });
    expect(event).toMatchObject({
      dialect,
      kind: "llm",
      usageRole: "leaf",
      model: MODEL,
      tokens: REPLY,
      tokensRead: dialect === "langfuse" ? "exclusive_converted" : "inclusive",
      sessionId: "a1f8",
      agentId: "support-triage",
      outcome: "success",
      outcomeSource: "derived",
      error: null,
      tool: null,
      policy: null,
      retrieval: null,
    });
    // Langfuse says neither, OpenInference and AI SDK say both in words of their own.
    if (dialect !== "langfuse") {
      expect([event.provider, event.modelRequested, event.finishReason]).toEqual([
        "openai",
        "gpt-4.1-mini",
        "tool_calls",
      ]);
    }
  });

  const WRAPPERS: readonly (readonly [string, AttributeMap])[] = [
    ["invoke_agent", { "gen_ai.operation.name": "invoke_agent" }],
    ["agent_step", { "gen_ai.operation.name": "agent_step" }],
    ["invoke_workflow", { "gen_ai.operation.name": "invoke_workflow" }],
    ["ai.generateText", { "ai.operationId": "ai.generateText", "operation.name": "ai.generateText support-triage" }],
    ["ai.streamObject by name alone", { "operation.name": "ai.streamObject support-triage" }],
    ["ai.embedMany", { "ai.operationId": "ai.embedMany" }],
    [
      "a wrapper that another dialect calls a model",
      { "ai.operationId": "ai.generateText", "openinference.span.kind": "LLM" },
    ],
    ["a Traceloop workflow", { "traceloop.span.kind": "workflow" }],
    ["a Traceloop task", { "traceloop.span.kind": "task" }],
    ["an OpenInference agent", { "openinference.span.kind": "AGENT" }],
    ["an OpenInference chain", { "openinference.span.kind": "CHAIN" }],
    ["a pydantic-ai run", { agent_name: "triage", model_name: "gpt-4.1-mini", all_messages_events: "[]" }],
  ];

  test.each(WRAPPERS)("is a rollup in what is around it: %s", (_, attributes) => {
    const usage = {
      "gen_ai.usage.input_tokens": 2_400,
      "gen_ai.usage.output_tokens": 680,
      "gen_ai.request.model": "m",
    };
    expect(eventOf({ ...usage, ...attributes })).toMatchObject({
      usageRole: "rollup",
      tokens: { input: 2_400, output: 680 },
    });
  });
});

describe("tokens", () => {
  const TOKEN_FIELDS = {
    tokensInput: "input",
    tokensOutput: "output",
    tokensCacheRead: "cacheRead",
    tokensCacheWrite: "cacheWrite",
    tokensReasoning: "reasoning",
    tokensAudioIn: "audioIn",
    tokensAudioOut: "audioOut",
  } as const;
  const keysOf = (field: keyof typeof TOKEN_FIELDS): string[] => {
    const row: Partial<Record<string, readonly string[]>> = ALIASES[field];
    return COLUMNS.filter((column) => column !== "claudeCode" && column !== "events").flatMap(
      (column) => row[column] ?? [],
    );
  };

  test("of one concept are alternatives: the first key wins, 0 included, and nothing is summed", () => {
    const field = fc.constantFrom(...(Object.keys(TOKEN_FIELDS) as (keyof typeof TOKEN_FIELDS)[]));
    const given = field.chain((name) =>
      fc.record({
        name: fc.constant(name),
        counts: fc.array(fc.option(fc.integer({ min: 0, max: 1_000 })), {
          minLength: keysOf(name).length,
          maxLength: keysOf(name).length,
        }),
        reversed: fc.boolean(),
      }),
    );
    fc.assert(
      fc.property(given, ({ name, counts, reversed }) => {
        const said = keysOf(name).flatMap((key, at) => {
          const count = counts[at];
          return count === null || count === undefined ? [] : [[key, count] as const];
        });
        const attributes = Object.fromEntries(reversed ? said.toReversed() : said);
        const wide = { "gen_ai.operation.name": "chat" };
        const totals =
          name === "tokensInput" || name === "tokensOutput"
            ? {}
            : { "gen_ai.usage.input_tokens": 1_000_000, "gen_ai.usage.output_tokens": 1_000_000 };
        const { tokens } = eventOf({ ...wide, ...totals, ...attributes });
        expect(tokens?.[TOKEN_FIELDS[name]] ?? null).toBe(said[0]?.[1] ?? null);
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    [
      "inclusive",
      { "gen_ai.usage.input_tokens": 1_200, "gen_ai.usage.cache_read.input_tokens": 1_024 },
      1_200,
      "inclusive",
    ],
    [
      "exclusive by their size",
      { "gen_ai.usage.input_tokens": 176, "gen_ai.usage.cache_read.input_tokens": 1_024 },
      1_200,
      "inferred",
    ],
    [
      "all cached",
      { "gen_ai.usage.input_tokens": 1_024, "gen_ai.usage.cache_read.input_tokens": 1_024 },
      1_024,
      "inclusive",
    ],
    [
      "of OpenAI's own usage object",
      {
        "langfuse.observation.type": "generation",
        "langfuse.observation.usage_details": JSON.stringify({
          prompt_tokens: 1_200,
          completion_tokens: 340,
          prompt_tokens_details: { cached_tokens: 1_024 },
        }),
      },
      1_200,
      "inclusive",
    ],
    [
      "of Anthropic's own usage object",
      {
        "langfuse.observation.type": "generation",
        "langfuse.observation.usage_details": JSON.stringify({
          input_tokens: 76,
          output_tokens: 340,
          cache_read_input_tokens: 1_024,
          cache_creation_input_tokens: 100,
        }),
      },
      1_200,
      "exclusive_converted",
    ],
    [
      "of Anthropic through the AI SDK",
      {
        "ai.operationId": "ai.generateText.doGenerate",
        "ai.usage.inputTokens": 1_176,
        "ai.response.providerMetadata": JSON.stringify({
          anthropic: { usage: { input_tokens: 1_176, cache_read_input_tokens: 1_024, cache_creation_input_tokens: 0 } },
        }),
      },
      2_200,
      "exclusive_converted",
    ],
    [
      "of Gemini inside an agent's reply",
      {
        "gen_ai.usage.input_tokens": 1_000,
        "gcp.vertex.agent.llm_response": JSON.stringify({ usage_metadata: { cached_content_token_count: 800 } }),
      },
      1_000,
      "inclusive",
    ],
  ] as const)("have inclusive totals: %s", (_, attributes, input, tokensRead) => {
    const event = eventOf(attributes);
    expect([event.tokens?.input, event.tokensRead]).toEqual([input, tokensRead]);
  });

  test("that two keys tell differently are said to differ", () => {
    const differing = eventOf({ "ai.usage.inputTokens": 6, "gen_ai.usage.input_tokens": 5 });
    expect([differing.tokens?.input, differing.flags]).toEqual([5, ["usage_differs"]]);
    expect(eventOf({ "ai.usage.inputTokens": 5, "gen_ai.usage.input_tokens": "5" }).flags).toEqual([]);
  });

  test.each([
    ["negative", { "gen_ai.usage.input_tokens": -1 }, "tokens_out_of_range"],
    ["2^63", { "gen_ai.usage.input_tokens": 2n ** 63n - 1n }, "tokens_out_of_range"],
    ["NaN", { "gen_ai.usage.input_tokens": { double: Number.NaN } }, "number_invalid"],
    ["a word", { "gen_ai.usage.output_tokens": "many" }, "number_invalid"],
    ["a negative cost", { "gen_ai.usage.cost": { double: -1 } }, "cost_out_of_range"],
    ["a cost that is not a number", { "gen_ai.usage.cost": { double: Number.NaN } }, "number_invalid"],
    ["a cost of 1e30", { "gen_ai.usage.cost": { double: 1e30 } }, "cost_out_of_range"],
    ["negative in an object", { "langfuse.observation.usage_details": '{"input":-5}' }, "tokens_out_of_range"],
  ] as const)("that cannot be refuse their span alone: %s", (_, attributes, code) => {
    const read = readTraces("json", spanBody("json", [{ attributes }, { spanId: "00000000000000aa" }]));
    expect(read.ok && [read.items.length, ...read.rejected.byCode]).toEqual([1, [code, 1]]);
  });

  test.each([
    [{ "langfuse.observation.cost_details": '{"input":0.0001,"output":0.002}' }, "0.0021"],
    [{ "langfuse.observation.cost_details": '{"total":0.0009,"input":5}' }, "0.0009"],
    [{ "gen_ai.usage.cost": { double: 1e-7 } }, "0.0000001"],
    [{ "gen_ai.usage.input_cost": { double: 0.1 }, "gen_ai.usage.output_cost": { double: 0.2 } }, "0.3"],
    [{ "llm.cost.total": 0, "gen_ai.usage.cost": { double: 0.5 } }, "0"],
    [{}, null],
  ] as const)("carry the cost given as a decimal: %j", (attributes, cost) => {
    expect(eventOf(attributes).costUsdGiven).toBe(cost);
  });
});

describe("what an event was", () => {
  test.each([
    [{ "interlock.kind": "guardrail", "langfuse.observation.type": "generation" }, "guardrail"],
    [{ "langfuse.observation.type": "retriever", "openinference.span.kind": "LLM" }, "retrieval"],
    [{ "langfuse.observation.type": "span", "openinference.span.kind": "TOOL" }, "tool"],
    [{ "openinference.span.kind": "RERANKER", "gen_ai.operation.name": "chat" }, "rerank"],
    [{ "gen_ai.operation.name": "embeddings" }, "embedding"],
    [{ "gen_ai.operation.name": "something new", "gen_ai.tool.name": "t" }, "tool"],
    [{ "genkit:metadata:subtype": "model" }, "llm"],
    [{ "operation.name": "ai.streamText.doStream triage" }, "llm"],
    [{ "traceloop.span.kind": "tool", "traceloop.entity.name": "t" }, "tool"],
    [{ "mcp.method.name": "tools/call", "gen_ai.tool.name": "t" }, "tool"],
    [{ "mcp.method.name": "tools/list" }, "other"],
    [{ "gen_ai.request.model": "gpt-4o" }, "llm"],
    [{ "http.request.method": "GET" }, "other"],
    [{ "gen_ai.operation.name": "constructor" }, "other"],
  ] as const)("%j is %s", (attributes, kind) => {
    expect(eventOf(attributes).kind).toBe(kind);
  });

  test.each([
    [
      { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "t", "gen_ai.tool.call.arguments": '{"a":1}' },
      { a: 1 },
    ],
    [{ "openinference.span.kind": "TOOL", "tool.name": "t", "input.value": '{"a":1}' }, { a: 1 }],
    [
      {
        "traceloop.span.kind": "tool",
        "traceloop.entity.name": "t",
        "traceloop.entity.input": '{"args":[],"kwargs":{"a":1}}',
      },
      { a: 1 },
    ],
    [
      {
        "traceloop.span.kind": "tool",
        "traceloop.entity.name": "t",
        "traceloop.entity.input": '{"args":[{"a":1}],"kwargs":{}}',
      },
      { a: 1 },
    ],
    [{ "ai.operationId": "ai.toolCall", "ai.toolCall.name": "t", "ai.toolCall.args": '{"a":1}' }, { a: 1 }],
    [{ "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "t", tool_arguments: { map: { a: 1 } } }, { a: 1 }],
    [{ "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "t", input: "not json" }, "not json"],
    // Numbers that JSON.parse would change, and keys twice, stay the text that they are.
    [
      { "gen_ai.tool.name": "t", "gen_ai.tool.call.arguments": '{"a":12345678901234567890}' },
      '{"a":12345678901234567890}',
    ],
  ] as const)("a tool's arguments are its arguments: %j", (attributes, args) => {
    const event = eventOf(attributes);
    expect(event.tool).toEqual({ name: "t", callId: null, args });
    expect(JSON.stringify(event.content)).toBe("{}");
  });

  test("a tool that a model only asks for is content, not an execution", () => {
    const event = eventOf({
      "openinference.span.kind": "LLM",
      "llm.output_messages.0.message.tool_calls.0.tool_call.function.name": "crm.updateCase",
      "gen_ai.tool.name": "crm.updateCase",
    });
    expect([event.kind, event.tool]).toEqual(["llm", null]);
    expect(event.unread).toEqual({ "gen_ai.tool.name": "crm.updateCase" });
  });

  test.each([
    [{ "interlock.outcome": "failed_validation" }, {}, "failed_validation", "explicit", null],
    [{}, { status: { code: 2, message: "boom" } }, null, "derived", { type: "error", message: "boom" }],
    [
      { "error.type": "SchemaValidationError" },
      {},
      "failed_validation",
      "derived",
      { type: "SchemaValidationError", message: null },
    ],
    [
      { "langfuse.observation.level": "ERROR", "langfuse.observation.status_message": "m" },
      {},
      null,
      "derived",
      { type: "error", message: "m" },
    ],
    [
      { "langfuse.observation.level": "WARNING", "langfuse.observation.status_message": "m" },
      {},
      "success",
      "derived",
      null,
    ],
    [{ "ai.response.finishReason": "error" }, {}, null, "derived", { type: "error", message: null }],
    [{ "interlock.policy.decision": "require_approval" }, {}, "human_review_required", "derived", null],
    [{ "gen_ai.guardrail.verdict.type": "escalate" }, {}, "human_review_required", "derived", null],
    [
      {},
      {
        status: { code: 2 },
        events: [{ name: "exception", attributes: { "exception.type": "TimeoutError", "exception.message": "late" } }],
      },
      null,
      "derived",
      { type: "TimeoutError", message: "late" },
    ],
    [{}, { events: [{ name: "exception", attributes: { "exception.type": "Caught" } }] }, "success", "derived", null],
  ] as const)("ended as it says: %j %j", (attributes, span, outcome, outcomeSource, error) => {
    expect(eventOf(attributes, {}, span)).toMatchObject({ outcome, outcomeSource, error });
  });

  test.each([
    [
      { "interlock.policy.decision": "deny", "interlock.policy.rule": "r", "interlock.policy.id": "p" },
      { decision: "deny", rule: "r", policyId: "p" },
    ],
    [{ "gen_ai.guardrail.action.type": "block" }, { decision: "deny", rule: null, policyId: null }],
    [
      { "openinference.span.kind": "GUARDRAIL", "output.value": '{"verdict":"warn"}' },
      { decision: "warn", rule: null, policyId: null },
    ],
    [
      { "langfuse.observation.type": "guardrail", "langfuse.observation.output": '{"decision":"deny"}' },
      { decision: "deny", rule: null, policyId: null },
    ],
    [
      { "gen_ai.guardrail.name": "jailbreak", "gen_ai.guardrail.triggered": true },
      { decision: "deny", rule: "jailbreak", policyId: null },
    ],
    [{ "gen_ai.guardrail.triggered": false }, { decision: "allow", rule: null, policyId: null }],
    [{ "openinference.span.kind": "LLM", "output.value": '{"decision":"deny"}' }, null],
  ] as const)("carries what a policy elsewhere said: %j", (attributes, policy) => {
    expect(eventOf(attributes).policy).toEqual(policy);
  });

  test.each([
    [
      {
        "gen_ai.operation.name": "retrieval",
        "gen_ai.data_source.id": "kb",
        "gen_ai.retrieval.documents": '[{"id":"KB-1","score":0.9},{"id":"KB-2"}]',
      },
      { index: "kb", docIds: ["KB-1", "KB-2"], asOf: [null, null] },
    ],
    [
      {
        "openinference.span.kind": "RETRIEVER",
        "retrieval.documents.1.document.id": "KB-2",
        "retrieval.documents.0.document.id": "KB-1",
        "retrieval.documents.0.document.metadata": '{"updated_at":"2026-04-10T03:14:22+02:00"}',
        "retrieval.documents.999999.document.id": "far",
      },
      { index: null, docIds: ["KB-1", "KB-2"], asOf: ["2026-04-10T01:14:22.000Z", null] },
    ],
    [
      {
        "interlock.kind": "retrieval",
        "interlock.retrieval.doc_ids": ["KB-1"],
        "interlock.retrieval.as_of": [1_795_173_973],
      },
      { index: null, docIds: ["KB-1"], asOf: ["2026-11-20T11:26:13.000Z"] },
    ],
  ] as const)("carries what was looked up: %j", (attributes, retrieval) => {
    expect(eventOf(attributes).retrieval).toEqual(retrieval);
  });

  test("carries documents of Traceloop's events and scores of GenAI's", () => {
    const event = eventOf(
      { "gen_ai.operation.name": "vector_db_retrieve" },
      {},
      {
        events: [
          {
            name: "db.query.result",
            attributes: { "db.query.result.id": "KB-9", "db.query.result.metadata": '{"as_of":"2026-01-01"}' },
          },
          {
            name: "gen_ai.evaluation.result",
            attributes: { "gen_ai.evaluation.name": "relevance", "gen_ai.evaluation.score.value": { double: 0.5 } },
          },
        ],
      },
    );
    expect(event.retrieval).toEqual({ index: null, docIds: ["KB-9"], asOf: ["2026-01-01T00:00:00.000Z"] });
    expect(event.evaluations).toEqual([{ name: "relevance", score: 0.5, label: null }]);
  });
});

describe("attributes", () => {
  test("of the span stand before those of scope and resource; our own key stands before all", () => {
    const resource = { "deployment.environment.name": "prod", "service.name": "svc", "interlock.agent.id": "triage" };
    const event = eventOf({ "deployment.environment.name": "staging", "gen_ai.agent.id": "asst_1" }, { resource });
    expect([event.dimensions.environment, event.agentId]).toEqual(["staging", "triage"]);
  });

  test("that nobody reads are kept by key, long ones as content, what machines say not at all", () => {
    const resource = {
      "process.command_args": ["--token", "secret"],
      "host.name": "h",
      "service.name": "unknown_service:node",
    };
    const event = eventOf({ "my.flag": true, "my.text": "t".repeat(1_000), "my.map": { map: { a: 1 } } }, { resource });
    expect(event.unread).toEqual({ "my.flag": true, "my.text": "(1000 characters)", "my.map": "(nested)" });
    expect(Object.keys(event.content)).toEqual(["my.text", "my.map"]);
    expect(event.agentId).toBeNull();
  });

  test("with prompts and replies are in content and nowhere else", () => {
    const keys = [
      "gen_ai.input.messages",
      "gen_ai.prompt.0.content",
      "input.value",
      "llm.input_messages.0.message.content",
      "traceloop.entity.output",
      "ai.prompt.messages",
      "ai.response.text",
      "langfuse.observation.output",
      "pydantic_ai.all_messages",
      "retrieval.documents.0.document.content",
      "gcp.vertex.agent.llm_request",
    ];
    const event = eventOf(
      Object.fromEntries(keys.map((key) => [key, "CANARY"])),
      {},
      {
        events: [{ name: "gen_ai.content.prompt", attributes: { "gen_ai.prompt": "CANARY" } }],
      },
    );
    const { content, ...rest } = event;
    expect(Object.keys(content).toSorted()).toEqual([...keys, "span.events"].toSorted());
    expect(JSON.stringify(rest)).not.toContain("CANARY");
  });

  test("say nothing where they are empty, so the next key may", () => {
    expect(eventOf({ "gen_ai.conversation.id": "", "session.id": "s" }).sessionId).toBe("s");
  });

  test("times that cannot be are said, not corrected away", () => {
    const [backwards, unstarted] = eventsOf([
      { startNs: 10n, endNs: 5n },
      { spanId: "00000000000000aa", startNs: 0n, endNs: 7n },
    ]);
    expect(backwards).toMatchObject({ startNs: "10", endNs: null, flags: ["ends_before_start"] });
    expect(unstarted).toMatchObject({ startNs: "7", endNs: "7", flags: ["start_missing"] });
  });
});

const REAL = "../shared/data/otlp";
const real = (file: string): readonly AgentEvent[] => {
  const bytes = readFileSync(`${REAL}/real-exporters/${file}`);
  const body = bytes[0] === 0x1f ? gunzipSync(bytes) : bytes;
  const read = readTraces(file.endsWith(".pb") ? "protobuf" : "json", body);
  if (!read.ok) throw new Error(read.fault.message);
  expect(read.rejected.count).toBe(0);
  return read.items;
};

if (!existsSync(REAL)) process.stderr.write(`Skipped: no recorded exports in ${REAL}.\n`);

describe.skipIf(!existsSync(REAL))("recorded exports", () => {
  const OPENINFERENCE = { ...REPLY, audioIn: 0, audioOut: 0 };
  test.each([
    ["openinference-openai-01.json", OPENINFERENCE, "tool_calls"],
    ["openinference-openai-02.pb", OPENINFERENCE, "tool_calls"],
    ["traceloop-sdk-01.pb", { ...REPLY, cacheRead: null, reasoning: null }, "tool_calls"],
    ["vercel-ai-v6-01.json", REPLY, "tool_calls"],
    ["vercel-ai-v7-01.json", { ...REPLY, reasoning: null }, "tool_calls"],
    ["vercel-ai-v7-legacy-01.json", REPLY, "tool_calls"],
    ["langfuse-sdk-v5-01.json", REPLY, null],
  ])("%s tells of the reply", (file, tokens, finishReason) => {
    const leaf = real(file).find(({ kind }) => kind === "llm");
    expect(leaf).toMatchObject({
      usageRole: "leaf",
      tokens,
      finishReason,
      outcome: "success",
      agentVersion: leaf?.agentVersion,
    });
    expect(leaf?.model).toBe(file.startsWith("langfuse") ? "gpt-4.1-mini" : MODEL);
  });

  test("name the agent, the session and the tool", () => {
    const all = readdirSync(`${REAL}/real-exporters`).filter((file) => !file.includes("headers"));
    const events = all.flatMap((file) => real(file).map((event) => ({ file, event })));
    const tools = events.flatMap(({ event }) => (event.tool === null ? [] : [event.tool.name]));
    expect(new Set(tools)).toEqual(new Set(["crm_updateCase", "crm.updateCase"]));
    const named = all.filter((file) => real(file).some(({ agentName }) => agentName === "support-triage"));
    expect(named).toEqual(all);
    expect(
      real("vercel-ai-v7-01.json")
        .map(({ step }) => step)
        .filter((step) => step !== null),
    ).toEqual([1, 2]);
    expect(real("langfuse-sdk-v5-01.json").find(({ kind }) => kind === "guardrail")?.policy?.decision).toBe("deny");
  });

  test("of OpenInference and OTel GenAI give one event", () => {
    const attributesOf = (file: string) =>
      JSON.parse(readFileSync(`${REAL}/openinference/${file}.json`, "utf8")) as AttributeMap;
    const pick = (file: string) => {
      const { model, provider, tokens, tokensRead, kind, usageRole, outcome, error } = eventOf(attributesOf(file));
      return { model, provider, tokens, tokensRead, kind, usageRole, outcome, error };
    };
    const expected = pick("otel_genai_client_span_tool_calls");
    expect(expected).toMatchObject({ model: "gpt-4-0613", provider: "openai", tokens: { input: 97, output: 52 } });
    expect(pick("openinference_client_span_tool_calls")).toEqual(expected);
    expect(pick("openinference_client_span_input_output_only")).toEqual(expected);
    expect(pick("otel_genai_deprecated_client_span_tool_calls")).toEqual(expected);
    expect(eventOf(attributesOf("otel_genai_tool_execution_span")).tool).toEqual({
      name: "get_weather",
      callId: "1234",
      args: { city: "New York" },
    });
  });

  test("of other SDKs are all read", () => {
    for (const file of readdirSync(REAL).filter((name) => name.startsWith("mapping-"))) {
      const read = readTraces("json", readFileSync(`${REAL}/${file}`));
      expect(read.ok && [read.items.length > 0, read.rejected.count]).toEqual([true, 0]);
    }
    expect(readTraces("json", readFileSync(`${REAL}/logs.json`))).toMatchObject({
      ok: false,
      fault: { code: "wrong_signal" },
    });
  });
});
