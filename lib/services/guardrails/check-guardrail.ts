import "server-only";

import { guardrailChange } from "@/lib/core/guardrails/diff";
import { guardrailHash } from "@/lib/core/guardrails/parse";
import type { CheckedGuardrail } from "@/lib/core/guardrails/versions";
import type { ManifestSource } from "@/lib/core/manifests/versions";

import { requireMember, type ServiceContext } from "../context";
import { sha256Hex } from "../decisions/digests";
import { publishedGuardrail } from "./published-guardrail";
import { examineGuardrail } from "./read-guardrail";

/**
 * What publishing this guardrail would meet: its faults with their lines, its rules in plain words and what it changes.
 * Stores nothing; open to every member.
 */
export async function checkGuardrail(ctx: ServiceContext, source: ManifestSource): Promise<CheckedGuardrail> {
  requireMember(ctx);
  const reading = await examineGuardrail(ctx, source, true);
  const { guardrail } = reading;
  const change = guardrail && guardrailChange(await publishedGuardrail(ctx.db, ctx), guardrail);
  return {
    ok: reading.ok,
    hash: guardrail && guardrailHash(sha256Hex, guardrail),
    notes: [...reading.notes],
    unknown_tools: [],
    sentences: [...reading.sentences],
    change: change && change.change,
    changes: change ? [...change.changes] : [],
  };
}
