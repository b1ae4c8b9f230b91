import "server-only";

import { v7 as uuidv7 } from "uuid";

import { asToldAt, evaluate, QUIET } from "@/lib/core/alerts/evaluate";
import { type First, groupFor } from "@/lib/core/alerts/group";
import { judge, type Reading } from "@/lib/core/alerts/judge";
import { hoursToCount, stepsSince } from "@/lib/core/alerts/ranges";
import { readRule } from "@/lib/core/alerts/read-rule";
import { findRule, type Rule, ruleFor, RULES } from "@/lib/core/alerts/rules";
import { ruleOf } from "@/lib/core/alerts/why";
import { transact, type Tx } from "@/lib/data/db";
import { findAlert, findAlertMark, lockOpenAlerts, type OpenAlert, takeAlertMark } from "@/lib/data/alerts";
import { listRuleOverrides } from "@/lib/data/alert-rules";
import { findLastSignalHour, refreshSignalHours } from "@/lib/data/signal-hours";
import { findStage } from "@/lib/data/stops";
import { findSettings } from "@/lib/data/workspaces";

import { requireSystem, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { countObjectives } from "../objectives/count-objectives";
import { findCause } from "./find-cause";
import { keepEvaluation } from "./keep-evaluation";
import { noteSpend, readAgents } from "./read-agents";

/**
 * Brings the alerts of a workspace up to date. After a gap, each hour of it is evaluated, so that an alert says when it
 * began; people are told as things are now. Two workers at once do no harm: a moment is evaluated by one of them.
 */
export async function evaluateAlerts(ctx: ServiceContext, signal?: AbortSignal): Promise<{ readonly changes: number }> {
  requireSystem(ctx);
  const last = await findAlertMark(ctx.db, ctx.workspaceId);
  await countHours(ctx, last, signal);
  await countObjectives(ctx, { signal });
  let changes = 0;
  for (const at of stepsSince(last, ctx.now)) {
    if (signal?.aborted) break;
    const readings = await readRules(ctx, at);
    changes += await transact(ctx.db, async (tx) => {
      if (!(await takeAlertMark(tx, ctx.workspaceId, at))) return 0;
      return keepStep(tx, ctx, { at, readings });
    });
  }
  await noteSpend(ctx);
  return { changes };
}

async function countHours(ctx: ServiceContext, last: Date | null, signal?: AbortSignal): Promise<void> {
  const counted = await findLastSignalHour(ctx.db, ctx.workspaceId);
  const { event_days: keptDays } = await findSettings(ctx.db, ctx.workspaceId);
  for (const day of hoursToCount(ctx.now, { last, counted, keptDays })) {
    if (signal?.aborted) return;
    await refreshSignalHours(ctx.db, ctx.workspaceId, day);
  }
}

type ReadRule = {
  readonly agent: { readonly id: string; readonly handle: string; readonly isStopped: boolean };
  readonly rule: Rule;
  readonly reading: Reading | null;
  /** The tool that a breach comes from. */
  readonly tool: string | null;
};

async function readRules(ctx: ServiceContext, at: Date): Promise<readonly ReadRule[]> {
  const overrides = await listRuleOverrides(ctx.db, ctx.workspaceId);
  const known = await readAgents(ctx, at);
  const { stage } = await findStage(ctx.db, ctx.workspaceId);
  const read: ReadRule[] = [];
  for (const { id, handle, ...agent } of known.agents) {
    for (const built of RULES) {
      const ruled = ruleFor(built, overrides, id);
      // Agents of a stopped workspace are meant to be silent.
      const isWatched = ruled.on && !(ruled.kind === "silent" && stage === "stopped");
      for (const { rule, reading: found } of readRule(ruled, known.of({ id, handle, ...agent }), at)) {
        const reading = isWatched ? found : null;
        const { verdict, hours } = judge(rule, reading);
        const tool = verdict === "breach" ? await findCause(ctx, { agentId: id, rule, hours: hours ?? 2, at }) : null;
        read.push({ agent: { id, handle, isStopped: false }, rule, reading, tool });
      }
    }
  }
  return read;
}

type Step = { readonly at: Date; readonly readings: readonly ReadRule[] };

async function keepStep(tx: Tx, ctx: ServiceContext, { at, readings }: Step): Promise<number> {
  const alerts = await lockOpenAlerts(tx, ctx.workspaceId);
  const isLast = at.getTime() === ctx.now.getTime();
  const judged = (await pairUp(tx, ctx, readings, alerts)).map((pair) => {
    const before = pair.alert?.watch ?? QUIET;
    const found = evaluate(pair.rule, before, pair.reading, at);
    return { ...pair, id: pair.alert?.id ?? uuidv7(), found: isLast ? found : asToldAt(ctx.now, found, before) };
  });
  // All are judged before any joins another, so that none joins what ends in this same step.
  const phases = new Map(alerts.map(({ id, watch: { phase } }) => [id, { before: phase, after: phase }]));
  for (const { id, alert, found } of judged)
    phases.set(id, { before: alert?.watch.phase ?? "ok", after: found.state.phase });
  const firsts: First[] = alerts.flatMap(({ id, group_id, agent_id: agentId, tool, fired_at: firedAt }) =>
    firedAt !== null && group_id === id ? [{ id, agentId, tool, firedAt, phase: phases.get(id)?.after ?? "ok" }] : [],
  );
  let changes = 0;
  for (const { id, agent, rule, reading, tool, alert, found } of judged) {
    if (alert === null && found.transitions.length === 0) continue;
    let groupId = alert?.group_id ?? id;
    if (found.transitions.some(({ kind }) => kind === "fire")) {
      const next = { agentId: agent.id, tool: tool ?? alert?.tool ?? null, firedAt: at };
      groupId = groupFor(firsts, { ...next, signal: rule.signal }) ?? id;
      if (groupId === id) firsts.push({ id, ...next, phase: found.state.phase });
    }
    const first = phases.get(groupId) ?? null;
    const evaluated = { id, groupId, first, agent, rule, reading, tool, alert, found, at };
    const entries = await keepEvaluation(tx, ctx, evaluated);
    for (const { kind, details, payload } of entries) await record(tx, ctx, kind, details, payload);
    changes += entries.length;
  }
  return changes;
}

type Pair = ReadRule & { readonly alert: OpenAlert | null };

/** Puts each reading beside its open alert, and ends the alerts that nothing watches any more. */
async function pairUp(
  tx: Tx,
  ctx: ServiceContext,
  readings: readonly ReadRule[],
  alerts: readonly OpenAlert[],
): Promise<readonly Pair[]> {
  const open = new Map(alerts.map((alert) => [`${alert.agent_id} ${alert.rule}`, alert]));
  const pairs: Pair[] = [];
  for (const read of readings) {
    const key = `${read.agent.id} ${read.rule.id}`;
    pairs.push({ ...read, alert: open.get(key) ?? null });
    open.delete(key);
  }
  const read = new Set(readings.map(({ agent }) => agent.id));
  for (const alert of open.values()) {
    // An active agent that was not read now, because there are too many, has neither stopped nor recovered. One that was
    // read no longer has the objective.
    if (alert.active && findRule(alert.rule) !== null && !read.has(alert.agent_id)) continue;
    const kept = await findAlert(tx, ctx.workspaceId, alert.id);
    if (kept === null) continue;
    const agent = { id: alert.agent_id, handle: alert.handle, isStopped: !alert.active };
    pairs.push({ agent, rule: { ...ruleOf(kept.why), on: false }, reading: null, tool: null, alert });
  }
  return pairs;
}
