import "server-only";

import type { Evaluation, Phase, Transition, TransitionKind } from "@/lib/core/alerts/evaluate";
import { isTold } from "@/lib/core/alerts/group";
import type { Reading } from "@/lib/core/alerts/judge";
import { alertPayload } from "@/lib/core/alerts/payload";
import type { Rule } from "@/lib/core/alerts/rules";
import type { AlertState, Resolution } from "@/lib/core/alerts/schema";
import { type Why, whyOf } from "@/lib/core/alerts/why";
import type { JsonObject } from "@/lib/core/shared/json";
import { insertAlert, type OpenAlert, updateAlert } from "@/lib/data/alerts";
import type { Tx } from "@/lib/data/db";
import { findToolItem } from "@/lib/data/tools";

import type { ServiceContext } from "../context";

/** What one rule came to for one agent. */
export type Evaluated = {
  /** The alert's id, or that of the new one. */
  readonly id: string;
  readonly agent: { readonly id: string; readonly handle: string; readonly isStopped: boolean };
  readonly rule: Rule;
  readonly reading: Reading | null;
  readonly alert: OpenAlert | null;
  readonly found: Evaluation;
  readonly tool: string | null;
  readonly at: Date;
  /** The group it belongs to from now on, named by its first alert. */
  readonly groupId: string;
  /** The phases of that first alert before and after this step; null where it was over before. */
  readonly first: { readonly before: Phase; readonly after: Phase } | null;
};

/** One entry of the ledger, with what screens and messages are told of it. */
export type AlertEntry = {
  readonly kind: `alert.${string}`;
  readonly details: JsonObject;
  readonly payload: JsonObject;
};

/** Writes what an evaluation changed. @returns what is to be recorded in the same transaction */
export async function keepEvaluation(
  tx: Tx,
  ctx: ServiceContext,
  evaluated: Evaluated,
): Promise<readonly AlertEntry[]> {
  const { id, groupId, first, agent, rule, reading, alert, found, at } = evaluated;
  const { state: watch, transitions } = found;
  const tool = evaluated.tool ?? alert?.tool ?? null;
  const why = whyOf(rule, { reading, judged: found.why, tool, at });
  const beganAt = alert?.began_at ?? at;
  if (!alert) {
    const pending = { id, agentId: agent.id, rule: rule.id, signal: rule.signal, beganAt, watch, why };
    await insertAlert(tx, ctx.workspaceId, pending);
  }
  const hasFired = transitions.some(({ kind }) => kind === "fire");
  const resolution = resolutionOf(evaluated);
  if (alert || hasFired || resolution !== null)
    await updateAlert(tx, ctx.workspaceId, id, {
      state: stateOf(watch.phase),
      watch,
      latest: why,
      // What it began on stays unless it is over its limit now: that is what it can be judged by again.
      ...(hasFired && { fired: { at, groupId, ...(found.why.verdict === "breach" && { why }) } }),
      ...(resolution !== null && { resolved: { at, as: resolution, by: null } }),
    });
  if (transitions.length === 0) return [];
  const isToolKnown = tool !== null && (await findToolItem(tx, ctx.workspaceId, tool))?.status === "active";
  const about = { id, groupId, first, agent: agent.handle, beganAt, why, resolution, isToolKnown };
  return transitions.map((transition) => entryOf(transition, about));
}

const stateOf = (phase: Evaluation["state"]["phase"]): AlertState => (phase === "ok" ? "resolved" : phase);

function resolutionOf({ agent, rule, alert, found }: Evaluated): Resolution | null {
  const ended = (kind: TransitionKind) => found.transitions.some((one) => one.kind === kind);
  if (ended("lapse")) return "lapsed";
  if (!ended("resolve")) return null;
  if (agent.isStopped) return "agent_stopped";
  if (!rule.on) return "rule_off";
  return alert?.watch.phase === "no_data" && found.why.verdict === "unknown" ? "no_data" : "recovered";
}

type About = Pick<Evaluated, "id" | "groupId" | "first"> & {
  readonly agent: string;
  readonly beganAt: Date;
  readonly why: Why;
  readonly resolution: Resolution | null;
  readonly isToolKnown: boolean;
};

function entryOf({ kind, at, to }: Transition, about: About): AlertEntry {
  const { id, agent, why, resolution } = about;
  const details = {
    alert: id,
    agent,
    rule: why.rule.id,
    state: to === "ok" ? "resolved" : to,
    at,
    // A ledger entry holds no fractions, whose canonical text is a matter of parsers.
    value: why.judged.value === null ? null : String(why.judged.value),
    limit: why.judged.limit === null ? null : String(why.judged.limit),
    n: Math.round(why.judged.n),
    tool: why.tool,
    ...(resolution !== null && { resolution }),
  };
  return {
    kind: `alert.${kind}`,
    details,
    payload: alertPayload({ ...about, isFirst: isTold(kind, about, about.first) }),
  };
}
