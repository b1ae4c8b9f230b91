import { z } from "zod";

import {
  AllowedTool,
  ContextSource,
  Execution,
  Freeze,
  HostPattern,
  Memory,
  PinnedTest,
} from "@/lib/core/manifests/schema";
import { Name } from "@/lib/core/manifests/primitives";
import { Sequence } from "@/lib/core/manifests/sequence-schema";
import { strict } from "@/lib/core/manifests/strict";

// A way back is what a grant rests on at the highest level, so a restriction has none to offer.
const { rollback: _rollback, ...limits } = AllowedTool.shape;
// A default may be less than the share a call would hold without one, so only the manifest has it, where people see it change.
const { default_estimate_usd: _usd, default_estimate_tokens: _tokens, ...bounds } = Execution.shape;

/**
 * A restriction on every agent's calls of one tool, or of all tools a pattern names. It is never a grant: a tool no
 * manifest allows stays denied.
 */
export const RestrictedTool = strict(limits);
export type RestrictedTool = z.infer<typeof RestrictedTool>;

/**
 * What no agent of the workspace may do, whatever its manifest says: the manifest's language without whom it is for and
 * without anything that gives.
 */
export const Guardrail = strict({
  tools: strict({
    blocked: z.array(Name).max(1_000).default([]),
    restricted: z.array(RestrictedTool).max(1_000).default([]),
  }).default({ blocked: [], restricted: [] }),
  freezes: z.array(Freeze).max(100).optional(),
  execution: strict(bounds).optional(),
  context: strict({ sources: z.array(ContextSource).max(100) }).optional(),
  sequences: z.array(Sequence).max(100).optional(),
  egress: strict({ allow: z.array(HostPattern).max(500) }).optional(),
  approval: strict({
    quorum: z.int().min(1).max(10).optional(),
    separation_of_duties: z.literal(true).optional(),
    timeout_seconds: z
      .int()
      .min(1)
      .max(30 * 24 * 3_600)
      .optional(),
  }).optional(),
  risk: strict({ require_approval_at: z.int().min(0).max(100).optional() }).optional(),
  memory: Memory.optional(),
  tests: z.array(PinnedTest).max(500).optional(),
});
export type Guardrail = z.infer<typeof Guardrail>;

/** The guardrail in force. `guardrail` is null where this version cannot read what is stored: then nothing is allowed. */
export type PublishedGuardrail = {
  readonly version: number;
  readonly hash: string;
  readonly guardrail: Guardrail | null;
};
