import { FIELD } from "./alias-index";
import { EVENT_KINDS, type EventKind } from "./event";
import type { Reading } from "./reading";

const OPERATIONS: Readonly<Record<string, EventKind>> = {
  chat: "llm",
  generate_content: "llm",
  text_completion: "llm",
  completion: "llm",
  generate: "llm",
  llm_request: "llm",
  embeddings: "embedding",
  embedding: "embedding",
  retrieval: "retrieval",
  vector_db_retrieve: "retrieval",
  rerank: "rerank",
  execute_tool: "tool",
  tool_call: "tool",
  create_agent: "other",
  invoke_agent: "agent",
  invoke_workflow: "run",
  agent_workflow: "run",
  agent_step: "step",
  execute_task: "step",
  plan: "step",
  guard: "guardrail",
  guardrail: "guardrail",
  "guardrail.run": "guardrail",
  run_guardrail: "guardrail",
  apply_guardrail: "guardrail",
  evaluate: "eval",
};

/** `span` and `event` say nothing of what it was, so what is asked next decides. */
const LANGFUSE: Readonly<Record<string, EventKind>> = {
  generation: "llm",
  embedding: "embedding",
  tool: "tool",
  retriever: "retrieval",
  agent: "agent",
  chain: "chain",
  guardrail: "guardrail",
  evaluator: "eval",
};

const OPENINFERENCE: Readonly<Record<string, EventKind>> = {
  LLM: "llm",
  EMBEDDING: "embedding",
  CHAIN: "chain",
  RETRIEVER: "retrieval",
  RERANKER: "rerank",
  TOOL: "tool",
  AGENT: "agent",
  GUARDRAIL: "guardrail",
  EVALUATOR: "eval",
  PROMPT: "other",
};

const GENKIT: Readonly<Record<string, EventKind>> = {
  model: "llm",
  embedder: "embedding",
  retriever: "retrieval",
  reranker: "rerank",
  tool: "tool",
  flow: "run",
  evaluator: "eval",
};

const TRACELOOP: Readonly<Record<string, EventKind>> = { workflow: "run", task: "step", agent: "agent", tool: "tool" };

const LANGSMITH: Readonly<Record<string, EventKind>> = {
  llm: "llm",
  chain: "chain",
  tool: "tool",
  retriever: "retrieval",
  embedding: "embedding",
};

const REQUEST_TYPES: Readonly<Record<string, EventKind>> = {
  chat: "llm",
  completion: "llm",
  embedding: "embedding",
  rerank: "rerank",
};

const CLAUDE_CODE: Readonly<Record<string, EventKind>> = {
  interaction: "run",
  llm_request: "llm",
  tool: "tool",
  "tool.execution": "other",
  "tool.blocked_on_user": "other",
  hook: "guardrail",
};

const OWN: ReadonlySet<string> = new Set(EVENT_KINDS);
const isKind = (text: string | null): text is EventKind => text !== null && OWN.has(text);

/** AI SDK operations by their beginnings, the longer first: a function's id may follow after a space. */
const VERCEL: readonly (readonly [string, EventKind])[] = [
  ["ai.generateText.do", "llm"],
  ["ai.streamText.do", "llm"],
  ["ai.generateObject.do", "llm"],
  ["ai.streamObject.do", "llm"],
  ["ai.embed.do", "embedding"],
  ["ai.embedMany.do", "embedding"],
  ["ai.rerank.do", "rerank"],
  ["ai.toolCall", "tool"],
  ["ai.generate", "agent"],
  ["ai.stream", "agent"],
  ["ai.embed", "chain"],
  ["ai.rerank", "chain"],
];

/** What an event was, by the first of these that says so; its own word first, what its keys suggest last. */
export function kindOf(reading: Reading): EventKind {
  const own = reading.text(FIELD.ownKind);
  if (isKind(own)) return own;
  return (
    named(LANGFUSE, reading.text(FIELD.langfuseType)) ??
    named(OPENINFERENCE, reading.text(FIELD.openinferenceKind)) ??
    named(OPERATIONS, reading.text(FIELD.operation)) ??
    named(GENKIT, reading.text(FIELD.genkitSubtype)) ??
    vercelKind(reading.text(FIELD.vercelOperation)) ??
    named(TRACELOOP, reading.text(FIELD.traceloopKind)) ??
    named(LANGSMITH, reading.text(FIELD.langsmithKind)) ??
    named(CLAUDE_CODE, reading.text(FIELD.claudeCodeType)) ??
    mcpKind(reading.text(FIELD.mcpMethod)) ??
    named(REQUEST_TYPES, reading.text(FIELD.requestType)) ??
    kindOfKeys(reading)
  );
}

/** `ai.generateText` without `.doGenerate` repeats what its calls used, whatever other dialects call it. */
export function isWrapper(reading: Reading): boolean {
  const kind = vercelKind(reading.text(FIELD.vercelOperation));
  return kind === "agent" || kind === "chain" || reading.has(FIELD.conversation);
}

function kindOfKeys(reading: Reading): EventKind {
  if (reading.has(FIELD.toolName) || reading.has(FIELD.toolCallId)) return "tool";
  if (reading.has(FIELD.conversation)) return "agent";
  if (reading.has(FIELD.modelServed) || reading.has(FIELD.modelRequested) || reading.has(FIELD.model)) return "llm";
  if (reading.has(FIELD.tokensInput) || reading.has(FIELD.tokensOutput)) return "llm";
  if (reading.has(FIELD.docIds) || reading.has(FIELD.documents) || hasDocuments(reading)) return "retrieval";
  if (reading.has(FIELD.evaluationName)) return "eval";
  return reading.has(FIELD.policyDecision) ? "guardrail" : "other";
}

const hasDocuments = (reading: Reading): boolean =>
  reading.indexed.some(({ key }) => key.startsWith("retrieval.documents."));

const mcpKind = (method: string | null): EventKind | null =>
  method === null ? null : method === "tools/call" ? "tool" : "other";

function vercelKind(operation: string | null): EventKind | null {
  if (operation === null || !operation.startsWith("ai.")) return null;
  return VERCEL.find(([prefix]) => operation.startsWith(prefix))?.[1] ?? null;
}

function named(kinds: Readonly<Record<string, EventKind>>, name: string | null): EventKind | null {
  return name !== null && Object.hasOwn(kinds, name) ? (kinds[name] ?? null) : null;
}
