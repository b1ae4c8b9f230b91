import { isJsonArray, type Json } from "@/lib/core/shared/json";

import { FIELD } from "./alias-index";
import type { EventDimensions } from "./event";
import { TRACE_LIMITS } from "./limits";
import { field, objectOf, parsedOf } from "./parsed-text";
import type { Reading } from "./reading";

/** OTel's own name for a service that nobody named. */
const UNKNOWN_SERVICE = "unknown_service";
/** What the AI SDK puts behind a provider's name to say which of its APIs was called. */
const PROVIDER_SUFFIXES = [".chat", ".responses", ".completion", ".messages", ".embedding", ".generative-ai"];

export function agentIdOf(reading: Reading): string | null {
  const id = reading.text(FIELD.agentId);
  // OTel's own name for a service that nobody named.
  return id !== null && id.startsWith(UNKNOWN_SERVICE) && reading.keyOf(FIELD.agentId) === "service.name" ? null : id;
}

export const modelOf = (reading: Reading): string | null =>
  reading.text(FIELD.modelServed) ?? reading.text(FIELD.model) ?? reading.text(FIELD.modelRequested);

/** A provider without what the AI SDK says of its API. */
export function providerOf(said: string | null): string | null {
  if (said === null) return null;
  const name = said.toLowerCase();
  const suffix = PROVIDER_SUFFIXES.find((candidate) => name.endsWith(candidate));
  return suffix === undefined ? name : name.slice(0, -suffix.length);
}

/** What figures are split by. */
export function dimensionsOf(reading: Reading): EventDimensions {
  const parameters = reading.keyOf(FIELD.toolArgs) === "tool_parameters" ? objectOf(reading.get(FIELD.toolArgs)) : null;
  const parameter = (key: string): string | null => {
    const value = field(parameters, key);
    return typeof value === "string" ? value : null;
  };
  const metadata = objectOf(reading.get(FIELD.providerMetadata));
  const tier = field(objectOf(field(metadata, "openai")), "serviceTier");
  const batch = reading.get(FIELD.batch);
  return {
    customer: reading.text(FIELD.customer),
    promptHash: reading.text(FIELD.promptHash),
    environment: reading.text(FIELD.environment),
    skill: reading.text(FIELD.skill) ?? parameter("skill_name"),
    subagent: reading.text(FIELD.subagent) ?? parameter("subagent_type"),
    mcpServer: reading.text(FIELD.mcpServer) ?? parameter("mcp_server_name"),
    serviceTier: reading.text(FIELD.serviceTier) ?? (typeof tier === "string" ? tier : null),
    batch: batch === true || batch === "true",
    tags: tagsOf(reading.get(FIELD.tags)),
  };
}

/** Tags are a list, or a text with commas between them (LangSmith). */
function tagsOf(value: Json | undefined): readonly string[] {
  if (value === undefined) return [];
  const parsed = parsedOf(value);
  const list = isJsonArray(parsed) ? parsed : typeof parsed === "string" ? parsed.split(",") : [];
  const tags = list.flatMap((tag) => (typeof tag === "string" && tag.trim() !== "" ? [tag.trim()] : []));
  return [...new Set(tags)].slice(0, TRACE_LIMITS.tags);
}
