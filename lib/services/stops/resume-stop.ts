import "server-only";

import { type ConsentAnswer, CONSENT_REFUSALS, giveConsent, type RunAllowance } from "@/lib/core/workspaces/consent";
import { AppError } from "@/lib/core/shared/errors";
import { microsOf } from "@/lib/core/shared/money";
import type { Resumed, ResumeStopInput } from "@/lib/core/workspaces/stop";
import { transact, type Tx } from "@/lib/data/db";
import { findPeopleFacts } from "@/lib/data/people";
import { listConsents, listOperators, putConsent } from "@/lib/data/stop-consents";
import {
  bumpWorkspaceEpoch,
  claimOpenStop,
  closeStop,
  countOpenWorkspaceStops,
  findStage,
  lockWorkspace,
  type OpenStop,
  reactivateAgent,
  resumeRun,
  setStage,
} from "@/lib/data/stops";

import { requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

/**
 * Takes one person's consent to end a stop. The first is kept; the second, of another person who is independent of the
 * first, ends it (invariant 16).
 *
 * A run goes on with the allowance both named. A workspace comes back in two steps: until somebody confirms it, only
 * tools that read may run. A workspace stopped twice stays stopped until both stops are ended.
 *
 * @throws {AppError} `forbidden` below operator; `not_found` when the stop is unknown or already ended; `conflict` for the
 *   agent's own DRI (`own_agent`), the same person twice (`already_consented`), one who counts as one with the first
 *   (`not_independent`), other numbers than the first person's (`allowance_differs`), and where nobody could be the
 *   second (`second_operator_needed`)
 */
export async function resumeStop(ctx: ServiceContext, input: ResumeStopInput): Promise<Resumed> {
  const { memberId } = requireRole(ctx, "operator");
  const allowance = {
    steps: input.extra_steps,
    seconds: input.extra_seconds,
    costMicros: microsOf(input.extra_cost_usd),
  };

  return transact(ctx.db, async (tx) => {
    await lockWorkspace(tx, ctx.workspaceId);
    await requireNow(tx, ctx, "operator");
    const stop = await claimOpenStop(tx, ctx.workspaceId, input.stop_id);
    if (!stop) throw new AppError("not_found", "There is no open stop of that id.");
    const given = await listConsents(tx, ctx.workspaceId, stop.id);
    const active = await listOperators(tx, ctx.workspaceId);
    const operators = active.map(({ id, answersFor }) => ({ memberId: id, answersFor }));
    const facts = await findPeopleFacts(tx, ctx.workspaceId, stop.agentId);
    const { scope, dris } = stop;
    const answer = giveConsent({ scope, dris, by: memberId, allowance, given, operators, people: facts });
    if (!answer.ok) throw refusal(answer);

    await putConsent(tx, ctx.workspaceId, stop.id, { by: memberId, note: input.note, allowance });
    const details = {
      stop: stop.id,
      scope: stop.scope,
      target: stop.targetId,
      note: input.note,
      ...entryOf(allowance),
    };
    await record(tx, ctx, "stop.consent", details);
    if (!answer.ends) return answered(tx, ctx, stop, false);

    await closeStop(tx, ctx.workspaceId, stop.id, memberId, input.note);
    await resume(tx, ctx, stop, allowance);
    const people = [...given.map((consent) => consent.memberId).filter((id) => id !== memberId), memberId];
    await record(tx, ctx, "stop.resume", { ...details, people });
    return answered(tx, ctx, stop, true);
  });
}

async function resume(tx: Tx, ctx: ServiceContext, stop: OpenStop, allowance: RunAllowance): Promise<void> {
  if (stop.scope === "workspace") {
    if ((await countOpenWorkspaceStops(tx, ctx.workspaceId)) > 0) return;
    await setStage(tx, ctx.workspaceId, "reads_only");
    await bumpWorkspaceEpoch(tx, ctx.workspaceId);
    return;
  }
  if (stop.targetId === null) throw new Error(`the stop ${stop.id} of scope ${stop.scope} has no target`);
  if (stop.scope === "agent") await reactivateAgent(tx, ctx.workspaceId, stop.targetId);
  else await resumeRun(tx, ctx.workspaceId, { runId: stop.targetId, stopId: stop.id, allowance });
}

async function answered(tx: Tx, ctx: ServiceContext, stop: OpenStop, resumed: boolean): Promise<Resumed> {
  const { stage } = await findStage(tx, ctx.workspaceId);
  return { stop_id: stop.id, state: resumed ? "resumed" : "needs_second_person", resumed, stage };
}

const refusal = ({ why, words }: Extract<ConsentAnswer, { ok: false }>): AppError =>
  new AppError(why === "role_missing" ? "forbidden" : "conflict", words ?? CONSENT_REFUSALS[why], { reason: why });

const entryOf = ({ steps, seconds, costMicros }: RunAllowance) => ({
  extra_steps: steps,
  extra_seconds: seconds,
  extra_cost_micros: costMicros,
});
