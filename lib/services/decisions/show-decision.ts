import "server-only";

import { locate } from "@/lib/core/manifests/parse";
import { AppError } from "@/lib/core/shared/errors";
import { isUuid } from "@/lib/core/shared/page";
import type { DecisionDetail } from "@/lib/core/traces/decision";
import { findDecision } from "@/lib/data/decisions";

import { requireMember, type ServiceContext } from "../context";

/**
 * One decision with every check that ran and what it found, and the line of the manifest that settled it.
 *
 * @throws {AppError} `not_found`
 */
export async function showDecision(ctx: ServiceContext, id: string): Promise<DecisionDetail> {
  requireMember(ctx);
  const found = isUuid(id) ? await findDecision(ctx.db, ctx.workspaceId, id) : null;
  if (!found) throw new AppError("not_found", "There is no such decision.");
  return { ...found.detail, line: lineOf(found.detail.rule, found.manifestText) };
}

/** `tools.allowed[2].requires_approval` is the place `/tools/allowed/2/requires_approval`. */
function lineOf(rule: string | null, text: string | null): number | null {
  if (
    rule === null ||
    text === null ||
    !/^(agent|tools|execution|context|sequences|egress|memory|approval|risk)\b/.test(rule)
  )
    return null;
  const pointer = `/${rule.replaceAll("[", ".").replaceAll("]", "").replaceAll(".", "/")}`;
  return locate(text, pointer)?.line ?? null;
}
