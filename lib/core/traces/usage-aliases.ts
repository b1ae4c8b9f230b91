import type { AliasRow } from "./alias-row";

/** The rows of the alias table that say what a call used and cost. */
export const USAGE_ALIASES = {
  tokensInput: {
    otel: ["gen_ai.usage.input_tokens"],
    deprecated: ["gen_ai.usage.prompt_tokens", "llm.usage.prompt_tokens"],
    openinference: ["llm.token_count.prompt"],
    vercel: ["ai.usage.inputTokens", "ai.usage.promptTokens", "ai.usage.tokens"],
    others: ["gen_ai.aggregated_usage.input_tokens"],
    claudeCode: ["input_tokens"],
    events: ["usage.input_tokens"],
  },
  tokensOutput: {
    otel: ["gen_ai.usage.output_tokens"],
    deprecated: ["gen_ai.usage.completion_tokens", "llm.usage.completion_tokens"],
    openinference: ["llm.token_count.completion"],
    vercel: ["ai.usage.outputTokens", "ai.usage.completionTokens"],
    others: ["gen_ai.aggregated_usage.output_tokens"],
    claudeCode: ["output_tokens"],
    events: ["usage.output_tokens"],
  },
  tokensCacheRead: {
    otel: ["gen_ai.usage.cache_read.input_tokens"],
    deprecated: [
      "gen_ai.usage.cache_read_input_tokens",
      "gen_ai.usage.cache_read_tokens",
      "gen_ai.usage.input_cached_tokens",
      "gen_ai.usage.details.cache_read_tokens",
      "gen_ai.usage.details.cache_read_input_tokens",
      "gen_ai.usage.details.cached_tokens",
      "gen_ai.usage.prompt_tokens_details.cached_tokens",
    ],
    openinference: ["llm.token_count.prompt_details.cache_read", "llm.token_count.prompt_details.cache_input"],
    vercel: ["ai.usage.cachedInputTokens", "ai.usage.inputTokenDetails.cacheReadTokens"],
    claudeCode: ["cache_read_tokens"],
    events: ["usage.cached_tokens", "usage.cache_read_tokens"],
  },
  tokensCacheWrite: {
    otel: ["gen_ai.usage.cache_write.input_tokens"],
    deprecated: [
      "gen_ai.usage.cache_creation.input_tokens",
      "gen_ai.usage.cache_creation_input_tokens",
      "gen_ai.usage.cache_write_tokens",
      "gen_ai.usage.input_cache_creation",
      "gen_ai.usage.details.cache_write_tokens",
      "gen_ai.usage.details.cache_creation_input_tokens",
    ],
    openinference: ["llm.token_count.prompt_details.cache_write"],
    vercel: ["ai.usage.inputTokenDetails.cacheWriteTokens"],
    claudeCode: ["cache_creation_tokens"],
    events: ["usage.cache_write_tokens"],
  },
  tokensCacheWrite5m: { others: ["gen_ai.usage.cache_creation.input_tokens.ephemeral_5m"] },
  tokensCacheWrite1h: {
    others: ["gen_ai.usage.cache_creation.input_tokens.ephemeral_1h"],
    events: ["usage.cache_write_1h_tokens"],
  },
  tokensReasoning: {
    otel: ["gen_ai.usage.reasoning.output_tokens"],
    deprecated: [
      "gen_ai.usage.reasoning_tokens",
      "llm.usage.reasoning_tokens",
      "gen_ai.usage.completion_tokens_details.reasoning_tokens",
      "gen_ai.usage.details.reasoning_tokens",
    ],
    openinference: ["llm.token_count.completion_details.reasoning"],
    vercel: ["ai.usage.reasoningTokens", "ai.usage.outputTokenDetails.reasoningTokens"],
    events: ["usage.reasoning_tokens"],
  },
  tokensAudioIn: {
    otel: ["gen_ai.usage.audio.input_tokens"],
    deprecated: ["gen_ai.usage.details.input_audio_tokens"],
    openinference: ["llm.token_count.prompt_details.audio"],
    events: ["usage.audio_input_tokens"],
  },
  tokensAudioOut: {
    otel: ["gen_ai.usage.audio.output_tokens"],
    deprecated: ["gen_ai.usage.details.output_audio_tokens"],
    openinference: ["llm.token_count.completion_details.audio"],
    events: ["usage.audio_output_tokens"],
  },
  /** Usage as one object, whose keys `usage-object.ts` knows. */
  usageObject: { others: ["langfuse.observation.usage_details", "langsmith.usage_metadata"] },
  inputDetails: { others: ["gen_ai.usage.input_token_details"] },
  outputDetails: { others: ["gen_ai.usage.output_token_details"] },
  providerMetadata: { vercel: ["ai.response.providerMetadata"] },
  geminiResponse: { others: ["gcp.vertex.agent.llm_response"] },

  cost: {
    own: ["interlock.cost_usd"],
    openinference: ["llm.cost.total"],
    others: ["gen_ai.usage.cost", "operation.cost", "langfuse.observation.total_cost"],
    claudeCode: ["cost_usd"],
    events: ["cost_usd"],
  },
  costInput: { openinference: ["llm.cost.prompt"], others: ["gen_ai.usage.input_cost"] },
  costOutput: { openinference: ["llm.cost.completion"], others: ["gen_ai.usage.output_cost"] },
  costObject: { others: ["langfuse.observation.cost_details"] },

  serviceTier: {
    otel: ["openai.response.service_tier"],
    deprecated: ["gen_ai.openai.response.service_tier", "gen_ai.response.service_tier"],
    others: ["anthropic.response.service_tier", "openai.request.service_tier", "gen_ai.request.service_tier"],
    claudeCode: ["speed"],
    events: ["service_tier"],
  },
  batch: { own: ["interlock.batch"], others: ["gen_ai.request.batch"], events: ["batch"] },
} as const satisfies Record<string, AliasRow>;
