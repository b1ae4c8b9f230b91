import type { AliasRow } from "./alias-row";
import { USAGE_ALIASES } from "./usage-aliases";

/**
 * The keys of each field, one row a field. The keys of a row are alternatives: the first that an event has is taken,
 * 0 included, and they are never added up. `claudeCode` holds bare names that mean this in Claude Code's telemetry
 * alone, `events` those of `POST /api/v1/events`.
 */
export const ALIASES = {
  runId: {
    own: ["interlock.run.id", "interlock.run_id"],
    others: ["gcp.vertex.agent.invocation_id"],
    claudeCode: ["prompt.id"],
    events: ["run_id"],
  },
  sessionId: {
    own: ["interlock.session.id", "interlock.session_id"],
    otel: ["gen_ai.conversation.id"],
    openinference: ["session.id"],
    openllmetry: ["traceloop.association.properties.session_id", "traceloop.association.properties.thread_id"],
    vercel: ["ai.telemetry.metadata.sessionId", "ai.telemetry.metadata.conversationId"],
    others: [
      "langfuse.session.id",
      "langsmith.metadata.session_id",
      "langsmith.metadata.thread_id",
      "langsmith.metadata.conversation_id",
      "gcp.vertex.agent.session_id",
      "lmnr.association.properties.session_id",
      "mcp.session.id",
    ],
    events: ["session_id"],
  },
  decisionId: { own: ["interlock.decision_id", "interlock.decision.id"], events: ["decision_id"] },
  step: {
    own: ["interlock.step"],
    others: ["langsmith.metadata.langgraph_step", "iteration"],
    events: ["step"],
  },
  agentId: {
    own: ["interlock.agent.id", "interlock.agent_id"],
    otel: ["gen_ai.agent.id"],
    vercel: ["ai.telemetry.metadata.agentId"],
    others: ["langsmith.metadata.agent_id", "langfuse.observation.metadata.agent_id", "service.name"],
    events: ["agent_id"],
  },
  agentName: {
    own: ["interlock.agent.name"],
    otel: ["gen_ai.agent.name"],
    openinference: ["agent.name", "graph.node.name"],
    vercel: ["ai.telemetry.functionId"],
    others: ["agent_name", "langsmith.metadata.agent_name"],
    events: ["agent_name", "agent_id"],
  },
  workflowName: { otel: ["gen_ai.workflow.name"], openllmetry: ["traceloop.workflow.name"] },
  entityName: { openllmetry: ["traceloop.entity.name"] },
  agentVersion: {
    own: ["interlock.agent.version"],
    otel: ["gen_ai.agent.version"],
    openllmetry: ["traceloop.entity.version"],
    others: ["langfuse.version", "langfuse.release", "service.version"],
    events: ["agent_version"],
  },

  ownKind: { own: ["interlock.kind"], events: ["kind"] },
  langfuseType: { others: ["langfuse.observation.type"] },
  openinferenceKind: { openinference: ["openinference.span.kind"] },
  operation: { otel: ["gen_ai.operation.name"] },
  genkitSubtype: { others: ["genkit:metadata:subtype"] },
  vercelOperation: { vercel: ["ai.operationId", "operation.name"] },
  traceloopKind: { openllmetry: ["traceloop.span.kind"] },
  langsmithKind: { others: ["langsmith.span.kind"] },
  requestType: { deprecated: ["llm.request.type"] },
  mcpMethod: { otel: ["mcp.method.name"] },
  claudeCodeType: { claudeCode: ["span.type"] },
  /** What only a span around a whole conversation has. */
  conversation: { others: ["pydantic_ai.all_messages", "all_messages_events", "final_result"] },

  provider: {
    otel: ["gen_ai.provider.name"],
    openinference: ["llm.provider"],
    vercel: ["ai.model.provider"],
    deprecated: ["gen_ai.system"],
    others: ["llm.system", "aisdk.model.provider", "langsmith.metadata.ls_provider"],
    events: ["provider"],
  },
  modelServed: {
    otel: ["gen_ai.response.model"],
    openinference: ["llm.response.model_name"],
    vercel: ["ai.response.model"],
    events: ["model"],
  },
  modelRequested: {
    otel: ["gen_ai.request.model"],
    openinference: ["llm.request.model_name"],
    vercel: ["ai.model.id"],
    others: ["aisdk.model.id"],
    events: ["model_requested"],
  },
  /** Names of a model that do not say whether it was asked for or served. */
  model: {
    openinference: ["llm.model_name", "embedding.model_name", "reranker.model_name"],
    others: ["langfuse.observation.model.name", "langsmith.metadata.ls_model_name", "model_name"],
    claudeCode: ["model"],
  },

  ...USAGE_ALIASES,

  finish: {
    otel: ["gen_ai.response.finish_reasons"],
    deprecated: ["gen_ai.response.finish_reason", "gen_ai.response.stop_reason"],
    openinference: ["llm.finish_reason"],
    vercel: ["ai.response.finishReason"],
    claudeCode: ["stop_reason"],
    events: ["finish_reason"],
  },
  ttftSeconds: { otel: ["gen_ai.response.time_to_first_chunk"], deprecated: ["gen_ai.server.time_to_first_token"] },
  ttftMs: {
    vercel: ["ai.response.msToFirstChunk", "ai.stream.msToFirstChunk"],
    claudeCode: ["ttft_ms"],
    events: ["ttft_ms"],
  },
  completionStart: { others: ["langfuse.observation.completion_start_time"] },
  durationMs: { claudeCode: ["duration_ms"], events: ["latency_ms"] },

  toolName: {
    otel: ["gen_ai.tool.name"],
    deprecated: ["mcp.tool.name"],
    openinference: ["tool.name"],
    vercel: ["ai.toolCall.name"],
    claudeCode: ["tool_name"],
    events: ["tool_call.name"],
  },
  toolArgs: {
    otel: ["gen_ai.tool.call.arguments"],
    vercel: ["ai.toolCall.args", "ai.toolCall.input"],
    openllmetry: ["traceloop.entity.input"],
    openinference: ["input.value", "tool.parameters"],
    others: [
      "langfuse.observation.input",
      "gcp.vertex.agent.tool_call_args",
      "tool_arguments",
      "genkit:input",
      "gen_ai.prompt",
      "input",
    ],
    claudeCode: ["tool_input", "tool_parameters"],
    events: ["tool_call.args"],
  },
  toolCallId: {
    otel: ["gen_ai.tool.call.id"],
    openinference: ["tool_call.id", "tool.id"],
    vercel: ["ai.toolCall.id"],
    others: ["jsonrpc.request.id"],
    claudeCode: ["tool_use_id"],
    events: ["tool_call.call_id", "call_id"],
  },
  output: {
    openinference: ["output.value"],
    openllmetry: ["traceloop.entity.output"],
    others: ["langfuse.observation.output", "gen_ai.completion", "output"],
  },

  outcome: { own: ["interlock.outcome"], events: ["outcome"] },
  status: { openllmetry: ["gen_ai.task.status"], claudeCode: ["success"], events: ["result.status"] },
  level: { others: ["langfuse.observation.level"] },
  errorType: {
    otel: ["error.type"],
    deprecated: ["exception.type"],
    claudeCode: ["error_type"],
    events: ["result.error_type"],
  },
  errorMessage: {
    otel: ["error.message", "exception.message"],
    others: ["langfuse.observation.status_message"],
    claudeCode: ["error", "error_message"],
    events: ["result.error"],
  },

  documents: { otel: ["gen_ai.retrieval.documents"], events: ["retrieval.documents"] },
  docIds: { own: ["interlock.retrieval.doc_ids"], events: ["retrieval.doc_ids"] },
  dataSource: { otel: ["gen_ai.data_source.id"], own: ["interlock.retrieval.index"], events: ["retrieval.index"] },
  asOf: { own: ["interlock.retrieval.as_of"], events: ["retrieval.as_of"] },

  policyDecision: {
    own: ["interlock.policy.decision"],
    others: [
      "gen_ai.guardrail.verdict.type",
      "gen_ai.guardrail.action.type",
      "gen_ai.guardrail.status",
      "gen_ai.guardrail.triggered",
    ],
    claudeCode: ["decision"],
    events: ["policy.decision"],
  },
  policyRule: {
    own: ["interlock.policy.rule"],
    others: ["gen_ai.guardrail.security.rule.id", "gen_ai.guardrail.name"],
    claudeCode: ["source"],
    events: ["policy.rule"],
  },
  policyId: {
    own: ["interlock.policy.id"],
    others: ["gen_ai.guardrail.security.policy.id"],
    events: ["policy.policy_id", "policy.id"],
  },

  evaluationName: { otel: ["gen_ai.evaluation.name"], events: ["eval.name"] },
  evaluationScore: { otel: ["gen_ai.evaluation.score.value"], events: ["eval.score"] },
  evaluationLabel: { otel: ["gen_ai.evaluation.score.label"], events: ["eval.label"] },

  customer: {
    own: ["interlock.customer", "interlock.customer.id"],
    others: ["enduser.id", "langfuse.user.id", "user.id", "langsmith.metadata.user_id"],
    openllmetry: ["traceloop.association.properties.user_id"],
    vercel: ["ai.telemetry.metadata.userId"],
    events: ["customer"],
  },
  promptHash: {
    own: ["interlock.prompt.hash", "interlock.prompt_hash"],
    others: ["gen_ai.prompt.hash"],
    events: ["prompt_hash"],
  },
  environment: {
    own: ["interlock.environment"],
    otel: ["deployment.environment.name"],
    deprecated: ["deployment.environment"],
    others: ["langfuse.environment", "gen_ai.environment"],
    events: ["environment"],
  },
  skill: {
    own: ["interlock.skill"],
    otel: ["gen_ai.skill.name"],
    claudeCode: ["skill.name", "skill_name"],
    events: ["skill"],
  },
  subagent: { own: ["interlock.subagent"], claudeCode: ["agent.name", "subagent_type"], events: ["subagent"] },
  mcpServer: {
    own: ["interlock.mcp.server", "interlock.mcp_server"],
    others: ["mcp.server.name"],
    claudeCode: ["mcp_server.name", "mcp_server_name"],
    events: ["mcp_server"],
  },
  tags: {
    own: ["interlock.tags"],
    openinference: ["tag.tags"],
    vercel: ["ai.telemetry.metadata.tags"],
    others: ["langfuse.trace.tags", "langsmith.span.tags", "logfire.tags"],
    events: ["tags"],
  },

  tokenType: { otel: ["gen_ai.token.type"], claudeCode: ["type"] },

  ts: { events: ["ts", "timestamp"] },
  endTs: { events: ["end_ts"] },
  traceId: { events: ["trace_id"] },
  spanId: { events: ["event_id", "span_id"] },
  parentId: { events: ["parent_event_id", "parent_span_id"] },
  name: { events: ["name"] },
} as const satisfies Record<string, AliasRow>;
