import { FIELD } from "./alias-index";
import type { Dialect } from "./event";
import type { Origin } from "./otlp";
import type { Reading } from "./reading";

/** Parts of scope names, the first that fits: instrumentations of the Agents SDK carry its name in theirs. */
const SCOPES: readonly (readonly [string, Dialect])[] = [
  ["com.anthropic.claude_code", "claude_code"],
  ["openai_agents", "openai_agents"],
  ["openai-agents", "openai_agents"],
  ["pydantic-ai", "pydantic_ai"],
  ["pydantic_ai", "pydantic_ai"],
  ["langfuse", "langfuse"],
  ["openinference", "openinference"],
  ["traceloop", "openllmetry"],
  ["opentelemetry.instrumentation.", "openllmetry"],
  ["langsmith", "langsmith"],
  ["interlock", "interlock"],
];

/** Scope names of the AI SDK: version 6 and its successor's legacy form, and version 7. */
const VERCEL_SCOPES = new Set(["ai", "gen_ai", "@ai-sdk/otel"]);

export function dialectOfScope(origin: Origin): Dialect | null {
  const scope = origin.scopeName.toLowerCase();
  if (VERCEL_SCOPES.has(scope)) return "vercel_ai";
  return SCOPES.find(([part]) => scope.includes(part))?.[1] ?? null;
}

/** Whose names the attributes are, where the scope does not say: applications start spans in scopes of their own. */
export function dialectOfKeys(reading: Reading): Dialect {
  if (reading.has(FIELD.openinferenceKind)) return "openinference";
  if (reading.has(FIELD.langfuseType)) return "langfuse";
  if (reading.has(FIELD.vercelOperation) && reading.keyOf(FIELD.vercelOperation) === "ai.operationId")
    return "vercel_ai";
  if (reading.has(FIELD.traceloopKind) || reading.has(FIELD.workflowName)) return "openllmetry";
  if (reading.has(FIELD.langsmithKind)) return "langsmith";
  if (reading.has(FIELD.operation) || reading.has(FIELD.provider) || reading.has(FIELD.toolName)) return "otel_genai";
  if (reading.has(FIELD.modelServed) || reading.has(FIELD.modelRequested) || reading.has(FIELD.agentName))
    return "otel_genai";
  return reading.has(FIELD.ownKind) || reading.has(FIELD.decisionId) ? "interlock" : "unknown";
}
