import "server-only";

import { AppError } from "@/lib/core/shared/errors";
import { isUuid } from "@/lib/core/shared/page";
import type { DecisionDetail } from "@/lib/core/runs/decision";
import { findDecision, type FoundDecision } from "@/lib/data/decisions";

import { requireMember, type ServiceContext } from "../context";
import { doWork } from "../manifests/do-work";

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
  const rule = detail.rule === null ? null : pointerOf(detail.rule);
  const places = [detail.reasons, ...detail.checks.map(({ reasons }) => reasons)].flat().map(({ path }) => path);
  const lines = await linesOf(ctx, found, [...new Set(rule === null ? places : [...places, rule])]);
  const { [rule ?? ""]: line = null } = lines;
  return { ...detail, line, lines };
}

const SECTION =
  /^\/(?:agent|tools|execution|sequences|egress|freezes|approval|risk|autonomy|memory|context\/sources)(?:\/|$)/;

/** The lines of places: of the guardrail for what begins with `/guardrails`, else of the manifest. */
async function linesOf(
  ctx: ServiceContext,
  { manifestText, guardrailText }: FoundDecision,
  places: readonly string[],
): Promise<Readonly<Record<string, number>>> {
  // A path into the call, or a rule of the engine itself, has no line.
  const [own, shared] = [places.filter(isPlace), places.filter((path) => path.startsWith(SHARED))];
  const within = shared.map((path) => path.slice(SHARED.length - 1)).filter(isPlace);
  const [lines, sharedLines] = await Promise.all([
    linesIn(ctx, manifestText, own),
    linesIn(ctx, guardrailText, within),
  ]);
  return {
    ...lines,
    ...Object.fromEntries(Object.entries(sharedLines).map(([path, line]) => [`${SHARED.slice(0, -1)}${path}`, line])),
  };
}

const SHARED = "/guardrails/";
const isPlace = (path: string) => SECTION.test(path);

async function linesIn(ctx: ServiceContext, text: string | null, paths: readonly string[]) {
  return text === null || paths.length === 0 ? {} : doWork(ctx, "findLines", text.length, { text, paths });
}

/** `tools.allowed[2].requires_approval` is the place `/tools/allowed/2/requires_approval`. */
function pointerOf(rule: string): string {
  return `/${rule.replaceAll("[", ".").replaceAll("]", "").replaceAll(".", "/")}`;
}
