import { z } from "zod";

import { AgentHandle } from "@/lib/core/shared/names";

export const Environment = z.enum(["development", "staging", "production"]);
export type Environment = z.infer<typeof Environment>;

export const AgentStatus = z.enum(["draft", "active", "suspended", "retired"]);
export type AgentStatus = z.infer<typeof AgentStatus>;

/** 1 observe, 2 approve, 3 routine, 4 autonomous. */
export const Level = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]);
export type Level = z.infer<typeof Level>;

/** What a credential may be used for. */
export const CredentialScope = z.enum(["decide", "ingest", "context"]);
export type CredentialScope = z.infer<typeof CredentialScope>;

export const AgentOwners = z.strictObject({
  security: z.string().max(200).optional(),
  sre: z.string().max(200).optional(),
  product: z.string().max(200).optional(),
  engineering: z.string().max(200).optional(),
});
export type AgentOwners = z.infer<typeof AgentOwners>;

/** Registration of an agent. `manifest` is YAML text or the same as an object; the first version is published at once. */
export const RegisterAgentInput = z.strictObject({
  id: AgentHandle,
  task: z.string().trim().min(1).max(2_000),
  /** The directly responsible individual: a member's e-mail address or id. */
  dri: z.string().trim().min(1).max(320),
  environment: Environment,
  level: Level,
  owners: AgentOwners.optional(),
  manifest: z.union([z.string().max(256 * 1024), z.record(z.string(), z.unknown())]).optional(),
});
export type RegisterAgentInput = z.infer<typeof RegisterAgentInput>;
