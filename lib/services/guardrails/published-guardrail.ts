import "server-only";

import { Guardrail } from "@/lib/core/guardrails/schema";
import type { Db } from "@/lib/data/db";
import { findGuardrail } from "@/lib/data/guardrails";

import type { ServiceContext } from "../context";

/** The guardrail in force with its version; null when none is. `guardrail` is null when this version cannot read it. */
export async function publishedGuardrail(
  on: Db,
  ctx: ServiceContext,
): Promise<{ readonly version: number; readonly guardrail: Guardrail | null } | null> {
  const current = await findGuardrail(on, ctx.workspaceId, "current");
  return current && { version: current.version, guardrail: Guardrail.safeParse(current.content).data ?? null };
}
