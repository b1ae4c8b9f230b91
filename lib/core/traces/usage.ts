import { FIELD } from "./alias-index";
import { isJsonObject, type Json, type JsonObject } from "@/lib/core/shared/json";

import type { AgentEvent, Tokens } from "./event";
import { costOfParts, costText, numberOf, tokenCount } from "./figures";
import { field, objectOf } from "./parsed-text";
import type { Reading } from "./reading";

type Figure = keyof Tokens | "cacheWrite5m";
type Figures = { [figure in Figure]: number | null };
type TokensRead = AgentEvent["tokensRead"];

/** The keys of usage objects by what they count. Each belongs to one figure; the first that is there is taken. */
const USAGE_KEYS: Readonly<Record<Figure, readonly string[]>> = {
  input: ["input", "input_tokens", "prompt_tokens", "promptTokens", "inputTokens"],
  output: ["output", "output_tokens", "completion_tokens", "completionTokens", "outputTokens"],
  cacheRead: ["input_cached_tokens", "cache_read_input_tokens", "input_cache_read", "cache_read", "cached_tokens"],
  cacheWrite: ["cache_creation_input_tokens", "input_cache_creation", "input_cache_write", "cache_creation"],
  cacheWrite5m: ["input_cache_creation_5m", "ephemeral_5m_input_tokens"],
  cacheWrite1h: ["input_cache_creation_1h", "ephemeral_1h_input_tokens"],
  reasoning: ["output_reasoning_tokens", "output_reasoning", "reasoning_tokens", "reasoning"],
  audioIn: ["input_audio_tokens", "input_audio"],
  audioOut: ["output_audio_tokens", "output_audio"],
};
const FIGURES = Object.keys(USAGE_KEYS) as Figure[];

/** Objects inside a usage object that split its totals: their parts are included in the totals. */
const INPUT_DETAILS = ["prompt_tokens_details", "input_tokens_details", "input_token_details"];
const OUTPUT_DETAILS = ["completion_tokens_details", "output_tokens_details", "output_token_details"];

/** The tokens of a call, with inclusive totals, and how they were made so. */
export function tokensOf(reading: Reading): { readonly tokens: Tokens | null; readonly tokensRead: TokensRead } {
  const figures = figuresOf(reading);
  let read: TokensRead = "inclusive";
  const object = objectOf(reading.get(FIELD.usageObject));
  if (object !== null) {
    const exclusive = addUsageObject(figures, object);
    if (exclusive) read = "exclusive_converted";
  }
  addDetails(figures, objectOf(reading.get(FIELD.inputDetails)), objectOf(reading.get(FIELD.outputDetails)));
  if (addProviderMetadata(figures, reading.get(FIELD.providerMetadata))) read = "exclusive_converted";
  addGemini(figures, reading.get(FIELD.geminiResponse));
  if (reading.keyOf(FIELD.tokensInput) === "input_tokens") read = "exclusive_converted";
  if (!hasFigure(figures)) return { tokens: null, tokensRead: "unknown" };
  return inclusive(figures, read);
}

const hasFigure = (figures: Figures): boolean => FIGURES.some((figure) => figures[figure] !== null);

function figuresOf(reading: Reading): Figures {
  return {
    input: tokenCount(reading.get(FIELD.tokensInput), "Input tokens"),
    output: tokenCount(reading.get(FIELD.tokensOutput), "Output tokens"),
    cacheRead: tokenCount(reading.get(FIELD.tokensCacheRead), "Cached tokens"),
    cacheWrite: tokenCount(reading.get(FIELD.tokensCacheWrite), "Tokens written to the cache"),
    cacheWrite5m: tokenCount(reading.get(FIELD.tokensCacheWrite5m), "Tokens written to the cache"),
    cacheWrite1h: tokenCount(reading.get(FIELD.tokensCacheWrite1h), "Tokens written to the cache"),
    reasoning: tokenCount(reading.get(FIELD.tokensReasoning), "Reasoning tokens"),
    audioIn: tokenCount(reading.get(FIELD.tokensAudioIn), "Audio tokens"),
    audioOut: tokenCount(reading.get(FIELD.tokensAudioOut), "Audio tokens"),
  };
}

function inclusive(figures: Figures, read: TokensRead): { tokens: Tokens; tokensRead: TokensRead } {
  const { cacheRead, cacheWrite1h, reasoning, audioIn, audioOut } = figures;
  const cacheWrite = figures.cacheWrite ?? sum(figures.cacheWrite5m, cacheWrite1h);
  let tokensRead = read;
  let { input, output } = figures;
  const cached = (cacheRead ?? 0) + (cacheWrite ?? 0);
  const parts = (reasoning ?? 0) + (audioOut ?? 0);
  if (read === "exclusive_converted") {
    input = sum(input, cached + (audioIn ?? 0));
    output = sum(output, parts);
  } else {
    // A part larger than its whole: the whole was meant without it.
    if (input !== null && cached > input) [input, tokensRead] = [input + cached, "inferred"];
    if (output !== null && parts > output) [output, tokensRead] = [output + parts, "inferred"];
  }
  return { tokens: { input, output, cacheRead, cacheWrite, cacheWrite1h, reasoning, audioIn, audioOut }, tokensRead };
}

const sum = (a: number | null, b: number | null): number | null =>
  a === null && b === null ? null : (a ?? 0) + (b ?? 0);

/** Fills in what is not known yet; true if the totals of the object are without what was cached or reasoned. */
function addUsageObject(figures: Figures, object: JsonObject): boolean {
  const hasTotals = figures.input !== null;
  for (const figure of FIGURES) fill(figures, figure, first(object, USAGE_KEYS[figure]));
  const input = nested(object, INPUT_DETAILS);
  const output = nested(object, OUTPUT_DETAILS);
  addDetails(figures, input, output);
  const creation = field(object, "cache_creation");
  if (creation !== undefined && isJsonObject(creation)) addCreation(figures, creation);
  return !hasTotals && input === null && output === null;
}

function addDetails(figures: Figures, input: JsonObject | null, output: JsonObject | null): void {
  fill(figures, "cacheRead", first(input, ["cached_tokens", "cache_read"]));
  fill(figures, "cacheWrite", first(input, ["cache_creation", "cache_write", "cache_write_tokens"]));
  fill(figures, "audioIn", first(input, ["audio_tokens", "audio"]));
  fill(figures, "reasoning", first(output, ["reasoning_tokens", "reasoning"]));
  fill(figures, "audioOut", first(output, ["audio_tokens", "audio"]));
}

function addCreation(figures: Figures, creation: JsonObject): void {
  fill(figures, "cacheWrite5m", first(creation, ["ephemeral_5m_input_tokens"]));
  fill(figures, "cacheWrite1h", first(creation, ["ephemeral_1h_input_tokens"]));
}

/** AI SDK: what the provider said. True if Anthropic's usage shows that the total given is the uncached part alone. */
function addProviderMetadata(figures: Figures, value: Json | undefined): boolean {
  const metadata = objectOf(value);
  if (metadata === null) return false;
  fill(figures, "cacheRead", first(objectOf(field(metadata, "openai")), ["cachedPromptTokens"]));
  fill(figures, "reasoning", first(objectOf(field(metadata, "openai")), ["reasoningTokens"]));
  const bedrock = objectOf(field(objectOf(field(metadata, "bedrock")), "usage"));
  fill(figures, "cacheRead", first(bedrock, ["cacheReadInputTokens"]));
  fill(figures, "cacheWrite", first(bedrock, ["cacheWriteInputTokens"]));
  const anthropic = objectOf(field(metadata, "anthropic"));
  const usage = objectOf(field(anthropic, "usage"));
  fill(figures, "cacheRead", first(usage, USAGE_KEYS.cacheRead));
  fill(
    figures,
    "cacheWrite",
    first(usage, ["cache_creation_input_tokens"]) ?? first(anthropic, ["cacheCreationInputTokens"]),
  );
  addCreation(figures, objectOf(field(usage, "cache_creation")) ?? {});
  const uncached = tokenCount(first(usage, ["input_tokens"]), "Input tokens");
  const cached = (figures.cacheRead ?? 0) + (figures.cacheWrite ?? 0);
  return uncached !== null && cached > 0 && uncached === figures.input;
}

/** Google's agents: candidates do not include thoughts, so the output is both. */
function addGemini(figures: Figures, value: Json | undefined): void {
  const usage = objectOf(field(objectOf(value), "usage_metadata"));
  if (usage === null) return;
  fill(figures, "cacheRead", first(usage, ["cached_content_token_count"]));
  fill(figures, "input", first(usage, ["prompt_token_count"]));
  const candidates = tokenCount(first(usage, ["candidates_token_count"]), "Output tokens");
  const thoughts = tokenCount(first(usage, ["thoughts_token_count"]), "Reasoning tokens");
  if (thoughts !== null && figures.reasoning === null) {
    figures.reasoning = thoughts;
    if (figures.output === null || figures.output === candidates) figures.output = sum(candidates, thoughts);
  }
  fill(figures, "output", candidates ?? undefined);
}

function fill(figures: Figures, figure: Figure, value: Json | undefined): void {
  if (figures[figure] === null) figures[figure] = tokenCount(value, "A count of tokens");
}

function first(object: JsonObject | null, keys: readonly string[]): Json | undefined {
  for (const key of keys) {
    const value = field(object, key);
    if (value !== undefined && value !== null && typeof value !== "object") return value;
  }
  return undefined;
}

function nested(object: JsonObject, keys: readonly string[]): JsonObject | null {
  for (const key of keys) {
    const value = field(object, key);
    if (value !== undefined && isJsonObject(value)) return value;
  }
  return null;
}

/** What the sender says it cost: the total, else the sum of its parts. */
export function costOf(reading: Reading): string | null {
  const total = costText(reading.get(FIELD.cost));
  if (total !== null) return total;
  const object = objectOf(reading.get(FIELD.costObject));
  if (object !== null) {
    const said = costText(field(object, "total"));
    return said ?? costOfParts(Object.values(object).filter((part) => numberOf(part) !== null));
  }
  return costOfParts([reading.get(FIELD.costInput), reading.get(FIELD.costOutput)]);
}
