import "server-only";

import { type CheckContextInput, checkSources, type ContextCheck, sourcesToCheck } from "@/lib/core/context/check";
import { AppError } from "@/lib/core/shared/errors";
import { databaseNow } from "@/lib/data/clock";

import { requireAgent, type ServiceContext } from "../context";
import { policyOf } from "../decisions/policy-cache";
import { findReadings } from "./find-readings";
import { keepReadings } from "./keep-readings";

/**
 * Whether the context an agent is about to act on would pass check 7. Nothing is consumed; what good sources say is
 * kept, to hold their next reading against.
 *
 * @throws {AppError} `conflict` (`no_active_manifest`) when nothing says what the context must be
 */
export async function checkContext(ctx: ServiceContext, input: CheckContextInput): Promise<ContextCheck> {
  const mayDecide = ctx.actor.kind === "agent" && ctx.actor.scopes.includes("decide");
  const { agentId } = requireAgent(ctx, mayDecide ? "decide" : "context");
  const { compiled } = await policyOf(ctx.db, ctx.workspaceId, agentId, true);
  if (compiled === null) {
    throw new AppError("conflict", "The agent has no published manifest, so no context is known.", {
      reason: "no_active_manifest",
    });
  }
  if (input.tool !== undefined && !compiled.tools.has(input.tool)) {
    throw new AppError("conflict", "The manifest does not allow this tool, so it says nothing about its context.", {
      reason: "unknown_tool",
    });
  }
  const { context } = input;
  const sources = sourcesToCheck(compiled, input);
  const readings = await findReadings(ctx, agentId, { sources, context });
  const check = checkSources(compiled, input, { now: databaseNow(), readings });
  const good = new Set(check.sources.filter(({ ok }) => ok).map(({ source }) => source));
  await keepReadings(ctx, agentId, { sources: sources.filter(({ name }) => good.has(name)), context });
  return check;
}
