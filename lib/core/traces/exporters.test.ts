import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { LangfuseSpanProcessor } from "@langfuse/otel";
import { setLangfuseTracerProvider, startObservation } from "@langfuse/tracing";
import { SpanStatusCode } from "@opentelemetry/api";
import { OTLPTraceExporter as JsonExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtobufExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { generateText, tool } from "ai";
import { MockLanguageModelV3 } from "ai/test";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";

import type { AgentEvent } from "./event";
import { readTraces } from "./read-traces";

// Bodies as the real exporters of these libraries write them, sent over HTTP to a server of this test.
let server: Server;
let url: string;
const received: { type: string; body: Buffer }[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      received.push({ type: request.headers["content-type"] ?? "", body: Buffer.concat(chunks) });
      response.setHeader("content-type", request.headers["content-type"] ?? "application/json");
      response.end();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  received.length = 0;
});

function events(type: string): readonly AgentEvent[] {
  return received
    .filter((sent) => sent.type.startsWith(type))
    .flatMap(({ body }) => {
      const read = readTraces(type === "application/json" ? "json" : "protobuf", body);
      if (!read.ok) throw new Error(read.fault.message);
      expect(read.rejected.count).toBe(0);
      return read.items;
    });
}

const byName = (all: readonly AgentEvent[], name: string): AgentEvent => {
  const event = all.find((candidate) => candidate.name.startsWith(name));
  if (!event) throw new Error(`no ${name} among ${all.map((candidate) => candidate.name).join(", ")}`);
  return event;
};

function provider(): NodeTracerProvider {
  return new NodeTracerProvider({
    resource: resourceFromAttributes({ "service.name": "support-triage", "service.version": "3" }),
    spanProcessors: [
      new BatchSpanProcessor(new ProtobufExporter({ url: `${url}/v1/traces` })),
      new BatchSpanProcessor(new JsonExporter({ url: `${url}/v1/traces` })),
    ],
  });
}

describe("OpenTelemetry's exporters", () => {
  test("send the same events as protobuf and as JSON", async () => {
    const traces = provider();
    const tracer = traces.getTracer("my-agent", "1.0.0");
    const agent = tracer.startSpan("invoke_agent support-triage", {
      attributes: { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "support-triage" },
    });
    const call = tracer.startSpan("chat gpt-4.1-mini", {
      attributes: {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.response.model": "gpt-4.1-mini-2025-04-14",
        "gen_ai.usage.input_tokens": 1_200,
        "gen_ai.usage.output_tokens": 340,
        "gen_ai.usage.cache_read.input_tokens": 1_024,
        "gen_ai.usage.cost": 0.000717,
        "gen_ai.response.finish_reasons": ["stop"],
      },
      links: [{ context: agent.spanContext() }],
    });
    call.addEvent("gen_ai.evaluation.result", {
      "gen_ai.evaluation.name": "tone",
      "gen_ai.evaluation.score.value": 0.75,
    });
    call.end();
    const failed = tracer.startSpan("execute_tool crm.updateCase", {
      attributes: {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": "crm.updateCase",
        "gen_ai.tool.call.arguments": '{"caseId":"C-88319"}',
      },
    });
    failed.recordException(new RangeError("no such case"));
    failed.setStatus({ code: SpanStatusCode.ERROR });
    failed.end();
    agent.end();
    await traces.shutdown();

    const sent = events("application/x-protobuf");
    expect(events("application/json")).toEqual(sent);
    expect(sent).toHaveLength(3);
    const { traceId, spanId } = agent.spanContext();
    expect(byName(sent, "chat")).toMatchObject({
      dialect: "otel_genai",
      producer: "my-agent 1.0.0",
      agentId: "support-triage",
      agentVersion: "3",
      tokens: { input: 1_200, output: 340, cacheRead: 1_024 },
      costUsdGiven: "0.000717",
      finishReason: "stop",
      links: [`${traceId}/${spanId}`],
      evaluations: [{ name: "tone", score: 0.75, label: null }],
    });
    expect(byName(sent, "execute_tool")).toMatchObject({
      tool: { name: "crm.updateCase", args: { caseId: "C-88319" } },
      outcome: null,
      error: { type: "RangeError", message: "no such case" },
    });
  });
});

describe("AI SDK 6", () => {
  test("tells of a call, a tool and what is around them, and the tokens are counted in the call", async () => {
    const traces = provider();
    let turn = 0;
    const model = new MockLanguageModelV3({
      provider: "openai.chat",
      modelId: "gpt-4.1-mini",
      doGenerate: async () => {
        turn += 1;
        return {
          content:
            turn === 1
              ? [{ type: "tool-call", toolCallId: "call_1", toolName: "updateCase", input: '{"caseId":"C-88319"}' }]
              : [{ type: "text", text: "done" }],
          finishReason: turn === 1 ? { unified: "tool-calls", raw: "tool_calls" } : { unified: "stop", raw: "stop" },
          usage: {
            inputTokens: { total: 1_200, noCache: 176, cacheRead: 1_024, cacheWrite: 0 },
            outputTokens: { total: 340, text: 84, reasoning: 256 },
          },
          response: { modelId: "gpt-4.1-mini-2025-04-14" },
          warnings: [],
        };
      },
    });
    await generateText({
      model,
      prompt: "triage",
      stopWhen: ({ steps }) => steps.length === 2,
      tools: {
        updateCase: tool({ inputSchema: z.object({ caseId: z.string() }), execute: async () => ({ status: "ok" }) }),
      },
      experimental_telemetry: {
        isEnabled: true,
        functionId: "support-triage",
        metadata: { sessionId: "a1f8", agentId: "support-triage-v3" },
        tracer: traces.getTracer("ai"),
      },
    });
    await traces.shutdown();

    const sent = events("application/x-protobuf");
    expect(events("application/json")).toEqual(sent);
    expect(byName(sent, "ai.generateText.doGenerate")).toMatchObject({
      dialect: "vercel_ai",
      kind: "llm",
      usageRole: "leaf",
      agentId: "support-triage-v3",
      agentName: "support-triage",
      sessionId: "a1f8",
      provider: "openai",
      modelRequested: "gpt-4.1-mini",
      model: "gpt-4.1-mini-2025-04-14",
      tokens: { input: 1_200, output: 340, cacheRead: 1_024, reasoning: 256 },
      finishReason: "tool_calls",
    });
    expect(byName(sent, "ai.toolCall").tool).toEqual({
      name: "updateCase",
      callId: "call_1",
      args: { caseId: "C-88319" },
    });
    const wrapper = sent.find(({ name }) => name === "ai.generateText");
    expect(wrapper).toMatchObject({ kind: "agent", usageRole: "rollup", tokens: { input: 2_400 } });
  });
});

describe("Langfuse", () => {
  test("tells of a generation with usage in one text", async () => {
    const traces = new NodeTracerProvider({
      spanProcessors: [
        new LangfuseSpanProcessor({
          publicKey: "pk-test",
          secretKey: "sk-test",
          baseUrl: url,
          exportMode: "immediate",
        }),
      ],
    });
    setLangfuseTracerProvider(traces);
    const agent = startObservation("support-triage", {}, { asType: "agent" });
    agent
      .startObservation(
        "llm",
        {
          model: "gpt-4.1-mini",
          usageDetails: { input: 176, output: 84, input_cached_tokens: 1_024, output_reasoning_tokens: 256 },
          costDetails: { input: 0.0001, output: 0.0008 },
        },
        { asType: "generation" },
      )
      .end();
    agent.startObservation("crm.updateCase", { input: { caseId: "C-1" } }, { asType: "tool" }).end();
    agent.end();
    await traces.forceFlush();
    await traces.shutdown();
    setLangfuseTracerProvider(null);

    const sent = [...events("application/json"), ...events("application/x-protobuf")];
    expect(byName(sent, "llm")).toMatchObject({
      dialect: "langfuse",
      usageRole: "leaf",
      model: "gpt-4.1-mini",
      tokens: { input: 1_200, output: 340, cacheRead: 1_024, reasoning: 256 },
      tokensRead: "exclusive_converted",
      costUsdGiven: "0.0009",
    });
    expect(byName(sent, "crm.updateCase").tool).toEqual({
      name: "crm.updateCase",
      callId: null,
      args: { caseId: "C-1" },
    });
    expect(byName(sent, "support-triage")).toMatchObject({ kind: "agent", agentName: "support-triage" });
  });
});
