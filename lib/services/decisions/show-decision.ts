import "server-only";

import { locator } from "@/lib/core/manifests/parse";
import { AppError } from "@/lib/core/shared/errors";
import { isUuid } from "@/lib/core/shared/page";
import type { DecisionDetail } from "@/lib/core/traces/decision";
import { findDecision, type FoundDecision } from "@/lib/data/decisions";

import { requireMember, type ServiceContext } from "../context";

/**
 * One decision with every check that ran and what it found, and the lines of the manifest and the guardrail it names.
 *
 * @throws {AppError} `not_found`
 */
export async function showDecision(ctx: ServiceContext, id: string): Promise<DecisionDetail> {
  requireMember(ctx);
  const found = isUuid(id) ? await findDecision(ctx.db, ctx.workspaceId, id) : null;
  if (!found) throw new AppError("not_found", "There is no such decision.");
  const { detail } = found;
  const lineOf = lineFinder(found);
  const places = [detail.reasons, ...detail.checks.map(({ reasons }) => reasons)].flat().map(({ path }) => path);
  const lines = [...new Set(places)].flatMap((path) => {
    const line = lineOf(path);
    return line === null ? [] : [[path, line] as const];
  });
  const rule = detail.rule === null ? null : pointerOf(detail.rule);
  return { ...detail, line: rule === null ? null : lineOf(rule), lines: Object.fromEntries(lines) };
}

const SECTION =
  /^\/(?:agent|tools|execution|sequences|egress|freezes|approval|risk|autonomy|memory|context\/sources)(?:\/|$)/;

/** The line of a place: of the guardrail for what begins with `/guardrails`, else of the manifest. */
function lineFinder({ manifestText, guardrailText }: FoundDecision): (path: string) => number | null {
  const manifest = manifestText === null ? null : locator(manifestText);
  const guardrail = guardrailText === null ? null : locator(guardrailText);
  return (path) => {
    const isShared = path.startsWith("/guardrails/");
    const place = isShared ? path.slice("/guardrails".length) : path;
    // A path into the call, or a rule of the engine itself, has no line.
    if (!SECTION.test(place)) return null;
    return (isShared ? guardrail : manifest)?.(place)?.line ?? null;
  };
}

/** `tools.allowed[2].requires_approval` is the place `/tools/allowed/2/requires_approval`. */
function pointerOf(rule: string): string {
  return `/${rule.replaceAll("[", ".").replaceAll("]", "").replaceAll(".", "/")}`;
}
