/**
 * Keys whose values are what people and models wrote, or what tools returned. They go to `content`, which a workspace
 * keeps only if it says so; some are read as a field too.
 */
export const CONTENT_KEYS = new Set([
  "input",
  "output",
  "input.value",
  "output.value",
  "prompt",
  "response",
  "raw_input",
  "raw_output",
  "content",
  "final_result",
  "all_messages_events",
  "model_request_parameters",
  "tool_arguments",
  "tool_response",
  "tool_input",
  "tool_output",
  "tool_parameters",
  "tool_call.args",
  "tool_call.result",
  "tool.description",
  "tool.parameters",
  "tool.json_schema",
  "result.output",
  "retrieval.query",
  "retrieval.documents",
  "events",
  "logfire.msg",
  "logfire.json_schema",
  "db.query.text",
  "db.statement",
  "exception.stacktrace",
  "gen_ai.prompt",
  "gen_ai.completion",
  "gen_ai.input.messages",
  "gen_ai.output.messages",
  "gen_ai.input_messages",
  "gen_ai.output_messages",
  "gen_ai.system_instructions",
  "gen_ai.tool.definitions",
  "gen_ai.tool.description",
  "gen_ai.tool.call.arguments",
  "gen_ai.tool.call.result",
  "gen_ai.retrieval.query.text",
  "gen_ai.retrieval.documents",
  "gen_ai.evaluation.explanation",
  "llm.invocation_parameters",
  "traceloop.entity.input",
  "traceloop.entity.output",
  "langfuse.observation.input",
  "langfuse.observation.output",
  "langfuse.observation.model_parameters",
  "langfuse.trace.input",
  "langfuse.trace.output",
  "ai.value",
  "ai.values",
  "ai.embedding",
  "ai.embeddings",
  "ai.prompt",
  "ai.schema",
  "ai.toolCall.args",
  "ai.toolCall.input",
  "ai.toolCall.result",
  "ai.toolCall.output",
  "ai.response.text",
  "ai.response.object",
  "ai.response.reasoning",
  "ai.response.toolCalls",
  "ai.response.files",
  "ai.response.providerMetadata",
  "genkit:input",
  "genkit:output",
  "gcp.vertex.agent.llm_request",
  "gcp.vertex.agent.llm_response",
  "gcp.vertex.agent.tool_call_args",
  "gcp.vertex.agent.tool_response",
  "gcp.vertex.agent.data",
  "eval.explanation",
]);

/** By their first segment, so that a key is compared with few of them. */
const CONTENT_PREFIXES = new Map<string, readonly string[]>([
  [
    "llm",
    [
      "llm.input_messages.",
      "llm.output_messages.",
      "llm.prompts.",
      "llm.choices.",
      "llm.tools.",
      "llm.prompt_template.",
    ],
  ],
  ["gen_ai", ["gen_ai.prompt.", "gen_ai.completion.", "gen_ai.request.functions.", "gen_ai.content."]],
  ["ai", ["ai.prompt.", "ai.request.body", "ai.request.headers.", "ai.response.headers."]],
  ["embedding", ["embedding.embeddings.", "embedding.text"]],
  ["retrieval", ["retrieval.documents."]],
  ["reranker", ["reranker.input_documents.", "reranker.output_documents.", "reranker.query"]],
  ["message", ["message."]],
  ["pydantic_ai", ["pydantic_ai."]],
  ["input", ["input.value."]],
  ["output", ["output.value."]],
]);

/** What processes and machines say of themselves, their command lines included. It is not about what an agent did. */
const MACHINE = ["process.", "host.", "os.", "telemetry.", "container.", "k8s.", "thread."];

/** Numbered keys that say something about documents and scores. */
const INDEXED = ["retrieval.documents.", "reranker.output_documents.", "evaluations.", "annotations."];

export const isIndexedKey = (key: string): boolean => INDEXED.some((prefix) => key.startsWith(prefix));

export function isContentKey(key: string): boolean {
  if (CONTENT_KEYS.has(key)) return true;
  const dot = key.indexOf(".");
  if (dot < 0) return false;
  const prefixes = CONTENT_PREFIXES.get(key.slice(0, dot));
  return prefixes !== undefined && prefixes.some((prefix) => key.startsWith(prefix));
}

/** Whether a resource's key is left out: the same for every span, of no use to anybody who asks what an agent did. */
export const isMachineKey = (key: string): boolean => MACHINE.some((prefix) => key.startsWith(prefix));
